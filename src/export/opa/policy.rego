# Which artifacts may be pushed: those of the chosen types, with the layers that their type has.
#
# The input is {"manifest": the manifest or index as JSON}. A gateway asks for data.oci_artifact_policy.allow, and for
# data.oci_artifact_policy.deny to say why not. What the rule does not understand is denied.
package oci_artifact_policy

import rego.v1

types := data.oci_artifact_types

default allow := false

allow if {
	count(candidates) > 0
	count(deny) == 0
}

# A media type as it is compared: lower case, without parameters.
media_type(value) := trim_space(lower(split(value, ";")[0])) if is_string(value)

# What artifactType says; absent when it says nothing.
artifact_type := type if {
	type := media_type(input.manifest.artifactType)
	type != ""
	not type in types.placeholders
}

# What the media type of the config says, where there is no artifactType.
config_type := type if {
	not artifact_type
	type := media_type(input.manifest.config.mediaType)
	type != ""
	not type in types.placeholders
}

# An index that says nothing of itself: its children are judged when they are pushed.
plain_index if {
	is_array(input.manifest.manifests)
	not input.manifest.config
	not input.manifest.layers
	not artifact_type
}

# Ids of the chosen types that the manifest can be.
candidates contains id if some id in types.artifactTypes[artifact_type]

candidates contains id if some id in types.configTypes[config_type]

candidates contains id if some id in told_by_layers

candidates contains id if {
	plain_index
	some id in types.plainIndexes
}

# Ids of the chosen types that a layer tells, where there is no artifactType.
told_by_layers contains id if {
	not artifact_type
	is_array(layers)
	some layer in layers
	some id in types.layerTypes[media_type(layer.mediaType)]
}

layers := object.get(input.manifest, "layers", object.get(input.manifest, "blobs", [])) if is_object(input.manifest)

layer_matches(type, known) if type == known

layer_matches(type, known) if {
	endswith(known, "*")
	startswith(type, trim_suffix(known, "*"))
}

layer_allowed(_) if {
	some id in candidates
	types.types[id].otherLayers
}

layer_allowed(layer) if {
	some id in candidates
	some known in types.types[id].layerTypes
	layer_matches(media_type(layer.mediaType), known)
}

deny contains "the input has no manifest" if not is_object(input.manifest)

deny contains message if {
	not types.artifactTypes[artifact_type]
	message := sprintf("artifactType %s is not of an allowed type", [artifact_type])
}

deny contains message if {
	not types.configTypes[config_type]
	count(told_by_layers) == 0
	message := sprintf("config type %s is not of an allowed type", [config_type])
}

deny contains "the manifest does not say what it is" if {
	is_object(input.manifest)
	not artifact_type
	not config_type
	not plain_index
	count(told_by_layers) == 0
}

deny contains "an index that says nothing of itself is not allowed" if {
	plain_index
	count(types.plainIndexes) == 0
}

deny contains "the layers are not a list" if {
	is_object(input.manifest)
	not is_array(layers)
}

deny contains message if {
	count(candidates) > 0
	is_array(layers)
	some at, layer in layers
	not layer_allowed(layer)
	message := sprintf("layer %d is not one of %s", [at, concat(" or ", sort(candidates))])
}
