// Bluesky's own server on loopback, for tests/pds. It writes one line of JSON with its address
// when it is ready, then one for each request, and ends with its standard input.
"use strict";

const http = require("node:http");
const net = require("node:net");
const { randomBytes } = require("node:crypto");
const { Database, PlcServer } = require("@did-plc/server");
const { PDS, envToCfg, envToSecrets } = require("@atproto/pds");

const [folder] = process.argv.slice(2);

// Both servers would listen to the whole network.
http.Server.prototype.listen = function (port, ...rest) {
  return net.Server.prototype.listen.call(this, port, "127.0.0.1", ...rest);
};

function tell(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function main() {
  const [plcPort, port, nowhere] = [await freePort(), await freePort(), await freePort()];
  await PlcServer.create({ db: Database.mock(), port: plcPort }).start();
  const environment = {
    devMode: true,
    port,
    hostname: "localhost",
    dataDirectory: folder,
    blobstoreDiskLocation: `${folder}/blobs`,
    didPlcUrl: `http://127.0.0.1:${plcPort}`,
    serviceHandleDomains: [".test"],
    inviteRequired: false,
    rateLimitsEnabled: true,
    jwtSecret: randomBytes(16).toString("hex"),
    adminPassword: randomBytes(16).toString("hex"),
    plcRotationKeyK256PrivateKeyHex: randomBytes(32).toString("hex"),
    bskyAppViewUrl: `http://127.0.0.1:${nowhere}`,
    bskyAppViewDid: "did:web:nowhere.test",
    modServiceUrl: `http://127.0.0.1:${nowhere}`,
    modServiceDid: "did:web:nowhere.test",
    crawlers: [],
    disableSsrfProtection: true,
  };
  const pds = await PDS.create(envToCfg(environment), envToSecrets(environment));
  const server = await pds.start();
  server.prependListener("request", (request) => tell({ request: `${request.method} ${request.url}` }));
  tell({ url: `http://127.0.0.1:${port}` });
}

process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
main();
