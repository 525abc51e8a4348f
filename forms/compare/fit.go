package compare

// families are the types whose stored values are of one shape.
var families = map[string]string{
	"text": "text", "barcode": "text", "hidden": "text", "calculate": "text", "link": "text", "note": "text", "instanceName": "text", "property": "text",
	"deviceid": "text", "username": "text", "email": "text", "phonenumber": "text", "simserial": "text", "subscriberid": "text", "instanceID": "text", "deprecatedID": "text",
	"start": "dateTime", "end": "dateTime", "today": "date", "range": "number",
	"image": "file", "audio": "file", "video": "file", "file": "file", "binary": "file", "background-audio": "file", "audit": "file",
	"start-geopoint": "geopoint", "acknowledge": "acknowledge",
}

func family(kind string) string {
	if f := families[kind]; f != "" {
		return f
	}
	return kind
}

// fits tells whether values stored under one type are valid under another.
func fits(old, new string) bool {
	from, to := family(old), family(new)
	switch {
	case from == to, to == "text" && from != "file":
		return true
	case from == "integer":
		return to == "decimal" || to == "number"
	case from == "decimal" || from == "number":
		return to == "decimal" || to == "number"
	case from == "select_one":
		return to == "select_multiple" || to == "rank"
	case from == "rank":
		return to == "select_multiple"
	}
	return false
}
