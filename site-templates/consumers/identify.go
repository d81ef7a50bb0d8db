// Identify OCI manifests with nothing but mediaTypeMappings.json. Go 1.19, standard library. An empty artifactType is
// absent; where a document has both layers and blobs they are one list, layers first.
//
//	go run identify.go mediaTypeMappings.json manifest.json...
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strings"
)

type object = map[string]any // A struct would not do: encoding/json takes "MediaType" for "mediaType" there.
type list = []any
type lacking struct{} // What the caller does not have: it passes no test at all. What is absent is nil.

const docker, ociManifest = "application/vnd.docker.distribution.manifest", "application/vnd.oci.image.manifest.v1+json"

var mapping object
var artifact = map[any]any{"application/vnd.oci.artifact.manifest.v1+json": "oci-artifact-manifest",
	"application/vnd.cncf.oras.artifact.manifest.v1+json": "oras-artifact-manifest"}

// only gives the zero value for a value of another kind: identification never fails on a JSON object.
func only[T any](value any) T                { kept, _ := value.(T); return kept }
func pick(condition bool, yes, no any) any   { return map[bool]any{true: yes, false: no}[condition] }
func isText(value any) bool                  { return value == only[string](value) }
func text(value any) any                     { return pick(isText(value), value, nil) }
func count(values list) any                  { return json.Number(fmt.Sprint(len(values))) }
func some(in list, test func(any) bool) bool { return len(filter(in, test)) > 0 }
func has(in list, one any) bool              { return some(in, func(other any) bool { return one == other }) }
func silent(kind any) bool                   { return has(mapping["placeholders"].(list), kind) }
func mute(kind any) any                      { return pick(silent(kind), kind, nil) }
func told(kind any) any                      { return pick(kind == "" || silent(kind), nil, kind) }

func filter(values list, test func(any) bool) list {
	kept := list{}
	for _, value := range values {
		if test(value) {
			kept = append(kept, value)
		}
	}
	return kept
}

func size(value any) any {
	return pick(json.Unmarshal([]byte(only[json.Number](value)), new(uint64)) == nil, value, nil)
}

func mediaType(value any) any {
	bare, _, _ := strings.Cut(only[string](value), ";")
	lower := func(c rune) rune { return pick('A' <= c && c <= 'Z', c+'a'-'A', c).(rune) }
	return pick(isText(value), strings.Map(lower, strings.Trim(bare, " \t\n\f\r")), nil)
}

// facts has all fields of a document or descriptor, and of the context that the caller has.
func facts(doc, context object) object {
	config, subject, parent := only[object](doc["config"]), only[object](doc["subject"]), only[object](context["parent"])
	layers, blobs, manifests := only[list](doc["layers"]), only[list](doc["blobs"]), only[list](doc["manifests"])
	platform, home, blob := only[object](doc["platform"]), only[object](parent["platform"]), context["config"]
	own, kind, configKind := mediaType(doc["mediaType"]), mediaType(doc["artifactType"]), mediaType(config["mediaType"])

	// The shape is told by the body first, the written mediaType only decides what the body leaves open.
	indexed, manifest, schema1 := manifests != nil, config != nil || layers != nil, only[list](doc["fsLayers"]) != nil
	image := configKind == "application/vnd.docker.container.image.v1+json" && own != ociManifest
	shape := pick(schema1, "docker-schema1", artifact[own])
	shape = pick(manifest, pick(image || own == docker+".v2+json", "docker-manifest", "oci-manifest"), shape)
	shape = pick(indexed, pick(own == docker+".list.v2+json", "docker-manifest-list", "oci-index"), shape)
	shape = pick(indexed && (manifest || schema1 || blobs != nil) || manifest && schema1, nil, shape)

	layers = append(layers, blobs...)
	return object{
		"shape": shape, "mediaType": own, "artifactType": told(kind), "annotations": doc["annotations"],
		"size": size(doc["size"]), "digest": text(doc["digest"]), "platform.os": text(platform["os"]),
		"platform.architecture": text(platform["architecture"]),
		"platform.os.features":  filter(only[list](platform["os.features"]), isText),
		"config.mediaType":      pick(silent(configKind), nil, configKind), "config.size": size(config["size"]),
		"config.digest": text(config["digest"]), "config.annotations": config["annotations"],
		"subject": pick(subject != nil, only[string](mediaType(subject["mediaType"])), nil), "layers": layers,
		"layers.count": count(layers), "manifests": manifests, "manifests.count": count(manifests),
		"placeholder.artifactType": mute(kind), "placeholder.config.mediaType": mute(configKind),
		"children": only[list](context["children"]), "context.tag": text(context["tag"]),
		"context.config":              pick(blob != nil, places(blob, "", object{}), lacking{}),
		"context.parent.annotations":  pick(parent != nil, parent["annotations"], lacking{}),
		"context.parent.artifactType": pick(parent != nil, told(mediaType(parent["artifactType"])), lacking{}),
		"context.parent.platform.os":  pick(parent != nil, pick(home != nil, only[string](home["os"]), nil), lacking{}),
	}
}

// places has all values of a config by their JSON pointers (RFC 6901): strings as they are, others as JSON.
func places(value any, pointer string, into object) object {
	var written strings.Builder
	encoder := json.NewEncoder(&written)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value)
	into[pointer] = pick(isText(value), value, strings.TrimSuffix(written.String(), "\n"))
	for name, member := range only[object](value) {
		places(member, pointer+"/"+strings.NewReplacer("~", "~0", "/", "~1").Replace(name), into)
	}
	for i, element := range only[list](value) {
		places(element, fmt.Sprint(pointer, "/", i), into)
	}
	return into
}

// holds tells whether a predicate is true of a document or descriptor, of which the facts are known.
func holds(when, known object) bool {
	value, asked := known[only[string](when["field"])]
	key, keyed := when["key"].(string)
	value = pick(keyed && value != any(lacking{}), text(only[object](value)[key]), value)
	values, several := value.(list)
	values = pick(several || value == nil, values, list{value}).(list)
	part := func(part any) bool { return holds(part.(object), known) }
	match := func(member any) bool { return holds(when["match"].(object), facts(only[object](member), nil)) }
	for name, operand := range when {
		operands := only[list](operand)
		members, listed := known[name].(list)
		is := func(value any) bool { return value == operand || has(operands, value) }
		begins := func(value any) bool { return isText(value) && strings.HasPrefix(value.(string), operand.(string)) }
		test := map[string]func(any) bool{"equals": is, "oneOf": is, "prefix": begins}[name]
		switch {
		case name == "all":
			return len(filter(operands, part)) == len(operands)
		case name == "any":
			return some(operands, part)
		case name == "not":
			return !part(operand)
		case name == "present" && asked:
			return value != any(lacking{}) && operand == (len(values) > 0)
		case test != nil && asked:
			return some(values, test)
		case listed:
			found := len(filter(members, match))
			return found > 0 && (operand == "any" || found == len(members) || operand == "first" && match(members[0]))
		}
	}
	panic(fmt.Sprint("unknown predicate ", when, ": the mapping is newer than this program"))
}

func identify(doc, context object) object {
	known := facts(doc, context)
	applying := func(name string) list {
		return filter(mapping[name].(list), func(rule any) bool { return holds(rule.(object)["when"].(object), known) })
	}
	// The order is the point: the first rule that holds decides.
	rule := append(applying("rules"), object{"certainty": "unknown"})[0].(object)
	found := map[string]list{"facet": {}, "subtype": {}}
	for name := range found {
		for _, one := range applying(name + "s") {
			if one := one.(object); (one["type"] == nil || one["type"] == rule["type"]) && !has(found[name], one[name]) {
				found[name] = append(found[name], one[name])
			}
		}
	}
	return object{"type": rule["type"], "certainty": rule["certainty"], "rule": rule["id"],
		"facets": found["facet"], "subtypes": found["subtype"]}
}

func load(path string) (value object) {
	file, err := os.Open(path)
	decoder := json.NewDecoder(file)
	decoder.UseNumber() // A size is a whole number, as it is written.
	if invalid := decoder.Decode(&value); err != nil || invalid != nil {
		log.Fatalln(path, err, invalid)
	}
	return value
}

func main() {
	mapping = load(os.Args[1])
	for _, path := range os.Args[2:] {
		_ = json.NewEncoder(os.Stdout).Encode(identify(load(path), nil))
	}
}
