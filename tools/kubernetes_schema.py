"""Writes job/src/test/resources/kubernetes-1.34.json again: the part of Kubernetes' JSON schema that the tests need, without texts.
Needs PyPI's kubernetes-validate (Apache-2.0), which has the schemas of each version: python3 tools/kubernetes_schema.py > FILE"""

import json
import pathlib

import kubernetes_validate

VERSION = "v1.34.0"
CORE, ACCESS, NETWORK = "io.k8s.api.core.v1.", "io.k8s.api.rbac.v1.", "io.k8s.api.networking.v1."
KINDS = [CORE + kind for kind in ("Pod", "Service", "ConfigMap", "ServiceAccount")]
KINDS += [ACCESS + "Role", ACCESS + "RoleBinding", NETWORK + "NetworkPolicy"]


def without_texts(schema, names=False):
    """Drops what does not check anything; the keys of "properties" are names and stay."""
    if isinstance(schema, list):
        return [without_texts(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: without_texts(value, names=key == "properties" and not names)
        for key, value in schema.items()
        if names or not (key in ("description", "format") or key.startswith("x-kubernetes"))
    }


def references(schema):
    if isinstance(schema, list):
        for each in schema:
            yield from references(each)
    elif isinstance(schema, dict):
        for key, value in schema.items():
            if key == "$ref":
                yield value.rsplit("/", 1)[-1]
            else:
                yield from references(value)


folder = pathlib.Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema" / (VERSION + "-local-strict")
everything = json.loads((folder / "_definitions.json").read_text())["$defs"]
wanted, found = list(KINDS), {}
while wanted:
    name = wanted.pop()
    if name not in found:
        found[name] = without_texts(everything[name])
        wanted += references(found[name])
lines = [json.dumps(name) + ":" + json.dumps(found[name], separators=(",", ":")) for name in sorted(found)]
print('{"$schema":"https://json-schema.org/draft/2020-12/schema","$defs":{\n' + ",\n".join(lines) + "}}")
