"""Odd documents: those of the vectors, in which values of other kinds stand at places picked by a fixed seed."""
import copy
import random

# No 1000.0 among them: the VARIANT of Spark takes it for 1000.
ODD = [None, True, False, 0, 1, -1, 5, 1.5, 2**70, "", " ", "x", "true", "5", "null", [], {}, [None], [[]], [{}], ["x"], {"x": "y"},
       {"mediaType": "application/vnd.oci.image.config.v1+json"}, [{"mediaType": 5}], "é\u0001\"\\'", "application/vnd.oci.empty.v1+json",
       "application/vnd.unknown.artifact.v1", "application/vnd.oci.image.manifest.v1+json", "application/vnd.oci.image.config.v1+json"]
NAMES = ["mediaType", "artifactType", "config", "layers", "blobs", "manifests", "fsLayers", "annotations", "subject", "platform", "size", "digest"]


def places(value):
    """Every container with each of its keys or positions."""
    found, open_ = [], [value]
    while open_:
        at = open_.pop()
        keys = list(at) if isinstance(at, dict) else range(len(at))
        for key in keys:
            found.append((at, key))
            if isinstance(at[key], (dict, list)):
                open_.append(at[key])
    return found


def spoil(rng, document, others):
    spots = places(document)
    if not spots:
        document[rng.choice(NAMES)] = copy.deepcopy(rng.choice(ODD))
        return
    at, key = rng.choice(spots)
    value = at[key]
    match rng.randrange(10):
        case 0 | 1:
            at[key] = copy.deepcopy(rng.choice(ODD))
        case 2:
            del at[key]
        case 3:
            at[key] = [value]
        case 4:
            document[rng.choice(NAMES)] = copy.deepcopy(rng.choice(ODD))
        case 5:  # a member of another document
            name = rng.choice(NAMES)
            other = rng.choice(others)
            if name in other:
                document[name] = copy.deepcopy(other[name])
        case 6:
            if isinstance(value, list):
                value.insert(rng.randrange(len(value) + 1), copy.deepcopy(rng.choice(ODD)))
            elif isinstance(value, dict):
                value[rng.choice(NAMES)] = copy.deepcopy(rng.choice(ODD))
        case _:  # the same media type, written otherwise
            texts = [(at, key) for at, key in spots if isinstance(at[key], str) and "/" in at[key]]
            if texts:
                at, key = rng.choice(texts)
                at[key] = rng.choice([str.upper, str.title, lambda s: s + "; a=B", lambda s: f" \t{s}\n", lambda s: s + " ;", lambda s: s + "x",
                                      lambda s: s.replace("k", "\u212a"), lambda s: "; " + s])(at[key])


def documents(originals, count, seed=1):
    rng = random.Random(seed)
    for _ in range(count):
        document = copy.deepcopy(rng.choice(originals))
        for _ in range(rng.choice([1, 1, 2, 3, 5])):
            spoil(rng, document, originals)
        yield document
