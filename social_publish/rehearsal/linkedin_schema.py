"""What LinkedIn's pages say of a post: its fields, and its "little" text format."""

from typing import Any

# The oldest version that still answers (each lives about a year).
OLDEST_VERSION = 202511
MOST_UNITS = 3000
POST = {
    "author": str, "commentary": str, "visibility": str, "distribution": dict,
    "lifecycleState": str, "isReshareDisabledByAuthor": bool, "content": dict,
}  # fmt: skip
NEEDED = {"author", "commentary", "visibility", "distribution", "lifecycleState"}
DISTRIBUTION = {"feedDistribution", "targetEntities", "thirdPartyDistributionChannels"}
RESERVED = set("|{}@[]()<>#\\*_~")


def shown(commentary: str) -> str:
    """What people read: "little" text, cut off in silence at the first bare reserved character."""
    text, points = "", iter(commentary)
    for point in points:
        if point == "\\":
            text += next(points, "")
        elif point in RESERVED:
            return text.rstrip()
        else:
            text += point
    return text


def wrong_fields(body: dict[str, Any]) -> str:
    for name in sorted(set(body) | NEEDED):
        if name not in POST:
            return f"/{name} :: unrecognized field found but not allowed"
        if name not in body:
            return f"/{name} :: field is required but not found and has no default value"
        if not isinstance(body[name], POST[name]):
            return f"/{name} :: has another type"
    distribution = body["distribution"]
    if set(distribution) - DISTRIBUTION or distribution.get("feedDistribution") != "MAIN_FEED":
        return "/distribution :: must be MAIN_FEED, with no other fields than published"
    if (body["visibility"], body["lifecycleState"]) != ("PUBLIC", "PUBLISHED"):
        return "/visibility must be PUBLIC and /lifecycleState PUBLISHED"
    return ""
