#!/bin/sh
# Keeps the database that this release leaves, for both kinds: keep_release.sh PYTHON VERSION POSTGRES
# POSTGRES: the address of a server, for example postgres://council@127.0.0.1:5432
set -eu
python=$1 version=$2 server=$3
folder=tests/upgrade/releases
mkdir -p "$folder"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export DATA_DIR="$work" DJANGO_SETTINGS_MODULE=cms.settings.dev DEBUG=0
DATABASE_URL="sqlite:///$work/db.sqlite3" "$python" -m tests.upgrade.fill
"$python" -c "
import sqlite3, sys
sqlite3.connect(sys.argv[1]).execute('VACUUM INTO ?', sys.argv[2:])
" "$work/db.sqlite3" "$work/whole.sqlite3"
gzip -9nc "$work/whole.sqlite3" >"$folder/$version.sqlite3.gz"
name=release_$$
psql -q "$server/postgres" -c "CREATE DATABASE $name"
DATABASE_URL="$server/$name" "$python" -m tests.upgrade.fill
pg_dump --no-owner --no-privileges --inserts "$server/$name" | grep -v '^\\' | gzip -9n >"$folder/$version.postgresql.sql.gz"
psql -q "$server/postgres" -c "DROP DATABASE $name"
