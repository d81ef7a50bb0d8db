"""xRegistry: the document keeps the specification's rules about names and ids, and every value its own model."""

import json
import re
import sys
from datetime import datetime
from pathlib import Path

document = json.loads((Path(sys.argv[1]) / "xregistry").read_text())
NAME, ID = re.compile(r"[a-z_][a-z0-9_]{0,62}"), re.compile(r"[A-Za-z0-9_][A-Za-z0-9._~:@-]{0,127}")
KINDS = {"string": str, "array": list, "boolean": bool, "uinteger": int}
TAKEN = {"versionid", "self", "shortself", "xid", "epoch", "isdefault", "labels", "createdat", "modifiedat", "ancestorid",
         "contenttype", "format", "metaurl", "versions", "versionsurl", "versionscount", "icon", "constraints"}
COMMON = {"name": str, "description": str, "documentation": str, "meta": dict}

assert document["specversion"] == "1.0-rc4" and ID.fullmatch(document["registryid"])
groups = document["modelsource"]["groups"]
assert set(document) - {"specversion", "registryid", "name", "description", "modelsource"} == set(groups)
total = 0
for plural, group in groups.items():
    assert group["plural"] == plural and len(plural) <= 57 and NAME.fullmatch(plural) and NAME.fullmatch(group["singular"])
    for resources, model in group["resources"].items():
        single = model["singular"]
        assert model["plural"] == resources and len(resources) <= 57 and NAME.fullmatch(single) and not model["hasdocument"]
        attributes = model["attributes"]
        assert not set(attributes) & (TAKEN | set(COMMON) | {f"{single}id", single, f"{single}url", f"{single}base64"})
        for name, attribute in attributes.items():
            assert NAME.fullmatch(name) and attribute["name"] == name and attribute["type"] in KINDS
            assert (attribute["type"] == "array") == ("item" in attribute)
        for key, one in document[plural].items():
            assert ID.fullmatch(key) and one[group["singular"] + "id"] == key
            assert set(one) == {group["singular"] + "id", "name", resources}
            assert len({key.lower() for key in one[resources]}) == len(one[resources])
            for key, resource in one[resources].items():
                total += 1
                assert ID.fullmatch(key) and resource.pop(f"{single}id") == key
                for name, value in resource.items():
                    kind = COMMON.get(name) or KINDS[attributes[name]["type"]]
                    assert isinstance(value, kind) and value != "", (key, name)
                    assert not isinstance(value, list) or all(isinstance(item, str) for item in value), (key, name)
                assert resource.get("documentation", "https://").startswith("https://"), key
                since = resource.get("meta", {}).get("deprecated", {}).get("effective")
                assert since is None or datetime.fromisoformat(since.replace("Z", "+00:00")), key
                assert resource["status"] not in ("deprecated", "withdrawn") or "deprecated" in resource["meta"], key
assert total > 100, total
print(f"xRegistry: {total} resources keep their model")
