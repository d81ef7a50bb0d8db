# Tests of the rule, over three invented types; they hold whatever was chosen. Run them with `opa test FOLDER`.
package oci_artifact_policy_test

import rego.v1

import data.oci_artifact_policy as policy

chosen := {
	"artifactTypes": {"application/vnd.example.box": ["box"]},
	"configTypes": {"application/vnd.example.chart.config+json": ["chart"]},
	"layerTypes": {"application/vnd.example.seal": ["seal"]},
	"placeholders": ["application/vnd.oci.empty.v1+json"],
	"plainIndexes": [],
	"types": {
		"box": {"otherLayers": true, "layerTypes": []},
		"chart": {"otherLayers": false, "layerTypes": ["application/vnd.example.chart+gzip", "text/x-chart.*"]},
		"seal": {"otherLayers": false, "layerTypes": ["application/vnd.example.seal"]},
	},
}

chart(layers) := {"config": {"mediaType": "application/vnd.example.chart.config+json"}, "layers": layers}

layer(type) := {"mediaType": type}

test_artifact_type_is_allowed if {
	policy.allow with input as {"manifest": {"artifactType": "Application/vnd.example.BOX; v=1", "layers": [layer("a/b")]}}
		with data.oci_artifact_types as chosen
}

test_config_type_is_allowed if {
	manifest := chart([layer("application/vnd.example.chart+gzip"), layer("text/x-chart.notes")])
	policy.allow with input as {"manifest": manifest} with data.oci_artifact_types as chosen
}

test_unknown_artifact_type_is_denied if {
	manifest := object.union(chart([]), {"artifactType": "application/vnd.example.other"})
	not policy.allow with input as {"manifest": manifest} with data.oci_artifact_types as chosen
	policy.deny == {"artifactType application/vnd.example.other is not of an allowed type"} with input as {"manifest": manifest}
		with data.oci_artifact_types as chosen
}

test_unknown_config_type_is_denied if {
	manifest := {"config": {"mediaType": "application/vnd.oci.image.config.v1+json"}, "layers": []}
	not policy.allow with input as {"manifest": manifest} with data.oci_artifact_types as chosen
}

test_foreign_layer_is_denied if {
	manifest := chart([layer("application/vnd.example.chart+gzip"), layer("application/x-sh")])
	not policy.allow with input as {"manifest": manifest} with data.oci_artifact_types as chosen
	policy.deny == {"layer 1 is not one of chart"} with input as {"manifest": manifest} with data.oci_artifact_types as chosen
}

test_placeholders_say_nothing if {
	manifest := {
		"artifactType": "application/vnd.oci.empty.v1+json",
		"config": {"mediaType": "application/vnd.oci.empty.v1+json"},
		"layers": [],
	}
	policy.deny == {"the manifest does not say what it is"} with input as {"manifest": manifest}
		with data.oci_artifact_types as chosen
	not policy.allow with input as {"manifest": manifest} with data.oci_artifact_types as chosen
}

test_layers_tell_a_type if {
	config := {"mediaType": "application/vnd.oci.image.config.v1+json"}
	seal := {"config": config, "layers": [layer("application/vnd.example.seal")]}
	policy.allow with input as {"manifest": seal} with data.oci_artifact_types as chosen
	other := {"config": config, "layers": [layer("application/vnd.example.seal"), layer("application/x-sh")]}
	not policy.allow with input as {"manifest": other} with data.oci_artifact_types as chosen
	named := object.union(seal, {"artifactType": "application/vnd.example.other"})
	not policy.allow with input as {"manifest": named} with data.oci_artifact_types as chosen
}

test_plain_index_follows_the_choice if {
	manifest := {"manifests": []}
	not policy.allow with input as {"manifest": manifest} with data.oci_artifact_types as chosen
	policy.allow with input as {"manifest": manifest}
		with data.oci_artifact_types as object.union(chosen, {"plainIndexes": ["box"]})
}

test_what_is_not_understood_is_denied if {
	every odd in [null, 7, "text", [], {}, {"manifest": null}, {"manifest": {}}, {"manifest": chart("x")}, {"manifest": chart([7])}] {
		not policy.allow with input as odd with data.oci_artifact_types as chosen
	}
}

test_without_data_nothing_is_allowed if {
	not policy.allow with input as {"manifest": chart([])} with data.oci_artifact_types as {}
}
