package definition

// The headers of each sheet, with the older spellings that forms in the field
// still have. Source: XLSForm (xlsform.org/en/ref-table) and the aliases of
// pyxform 4.5.0.

var surveyWords = vocabulary{
	known: set("name", "label", "default", "guidance_hint", "instance", "query", "sms_field", "trigger",
		"bind", "choice_filter", "control", "hint", "media", "parameters", "type", "actions",
		"choices", "itemset", "list_name", "parent", "extra_data"),
	aliases: map[string][]string{
		"sms_field":            {"sms_field"},
		"sms_option":           {"sms_option"},
		"sms_separator":        {"sms_separator"},
		"sms_allow_media":      {"sms_allow_media"},
		"sms_date_format":      {"sms_date_format"},
		"sms_datetime_format":  {"sms_datetime_format"},
		"sms_response":         {"sms_response"},
		"compact_tag":          {"instance", "odk:tag"},
		"read_only":            {"bind", "readonly"},
		"readonly":             {"bind", "readonly"},
		"relevant":             {"bind", "relevant"},
		"relevance":            {"bind", "relevant"},
		"required":             {"bind", "required"},
		"constraint":           {"bind", "constraint"},
		"constraining_message": {"bind", "jr:constraintMsg"},
		"constraint_message":   {"bind", "jr:constraintMsg"},
		"calculation":          {"bind", "calculate"},
		"calculate":            {"bind", "calculate"},
		"noapperrorstring":     {"bind", "jr:noAppErrorString"},
		"no_app_error_string":  {"bind", "jr:noAppErrorString"},
		"requiredmsg":          {"bind", "jr:requiredMsg"},
		"required_message":     {"bind", "jr:requiredMsg"},
		"save_to":              {"bind", "entities:saveto"},
		"caption":              {"label"},
		"command":              {"type"},
		"tag":                  {"name"},
		"value":                {"name"},
		"image":                {"media", "image"},
		"big-image":            {"media", "big-image"},
		"audio":                {"media", "audio"},
		"video":                {"media", "video"},
		"appearance":           {"control", "appearance"},
		"count":                {"control", "jr:count"},
		"repeat_count":         {"control", "jr:count"},
		"jr:count":             {"control", "jr:count"},
		"autoplay":             {"control", "autoplay"},
		"rows":                 {"control", "rows"},
		"body":                 {"control"},
	},
	suggest: []string{"type", "name", "label", "hint", "guidance_hint", "required", "required_message",
		"constraint", "constraint_message", "relevant", "calculation", "default", "read_only",
		"appearance", "parameters", "choice_filter", "repeat_count", "trigger", "save_to",
		"image", "big-image", "audio", "video", "autoplay"},
}

var choiceWords = vocabulary{
	known: set("name", "label", "media", "sms_option", "parent", "extra_data"),
	aliases: map[string][]string{
		"caption":   {"label"},
		"list_name": {"list name"},
		"value":     {"name"},
		"image":     {"media", "image"},
		"big-image": {"media", "big-image"},
		"audio":     {"media", "audio"},
		"video":     {"media", "video"},
	},
	suggest: []string{"list_name", "name", "label", "image", "audio", "video"},
}

var settingWords = vocabulary{
	known: set("name", "label", "parent", "extra_data", "bind", "children", "control", "hint", "media", "type",
		"instance", "flat", "sms_field", "add_none_option", "clean_text_values", "attribute",
		"auto_delete", "auto_send", "choices", "default_language", "file_name", "id_string",
		"instance_name", "instance_xmlns", "namespaces", "omit_instanceID", "public_key",
		"sms_allow_media", "sms_date_format", "sms_datetime_format", "sms_keyword", "sms_response",
		"sms_separator", "style", "submission_url", "title", "version", "allow_choice_duplicates",
		"client_editable", "delimiter", "prefix", "entity_version"),
	aliases: map[string][]string{
		"form_title":     {"title"},
		"set_form_title": {"title"},
		"form_id":        {"id_string"},
		"set_form_id":    {"id_string"},
		"prefix":         {"prefix"},
	},
	suggest: []string{"form_title", "form_id", "version", "default_language", "instance_name", "instance_id",
		"public_key", "submission_url", "auto_send", "auto_delete", "style", "namespaces",
		"allow_choice_duplicates", "omit_instanceID", "clean_text_values", "client_editable"},
}

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}

// isYes reads a yes or no as the sheets write it; ok is false for anything else.
func isYes(s string) (yes, ok bool) {
	switch s {
	case "yes", "Yes", "YES", "true", "True", "TRUE", "true()":
		return true, true
	case "no", "No", "NO", "false", "False", "FALSE", "false()":
		return false, true
	}
	return false, false
}

// truth turns a yes or no in an expression's place into the expression.
func truth(s string) string {
	switch s {
	case "yes", "Yes", "YES", "true", "True", "TRUE":
		return "true()"
	case "no", "No", "NO", "false", "False", "FALSE":
		return "false()"
	}
	return s
}
