package instrument

import (
	"strings"

	"waymark/stats/table"
)

// questionType is what the program knows of an XLSForm question type.
type questionType struct {
	kind     table.Kind
	list     bool // names a choice list
	metadata bool // filled in by the phone
	silent   bool // holds no answer
}

// questionTypes are the types of the XLSForm reference table (xlsform.org),
// by their canonical name. A ranking keeps its order, so it is text.
var questionTypes = map[string]questionType{
	"text": {kind: table.Text}, "integer": {kind: table.Number}, "decimal": {kind: table.Number}, "range": {kind: table.Number},
	"date": {kind: table.Date}, "datetime": {kind: table.Time}, "time": {kind: table.Text},
	"select_one": {kind: table.Category, list: true}, "select_multiple": {kind: table.Set, list: true}, "rank": {kind: table.Text, list: true},
	"select_one_from_file": {kind: table.Category, list: true}, "select_multiple_from_file": {kind: table.Set, list: true},
	"select_one_external": {kind: table.Category, list: true},
	"geopoint":            {kind: table.Text}, "geotrace": {kind: table.Text}, "geoshape": {kind: table.Text},
	"barcode": {kind: table.Text}, "acknowledge": {kind: table.Text}, "calculate": {kind: table.Text}, "hidden": {kind: table.Text},
	"image": {kind: table.Text}, "audio": {kind: table.Text}, "video": {kind: table.Text}, "file": {kind: table.Text},

	"start": {kind: table.Time, metadata: true}, "end": {kind: table.Time, metadata: true}, "today": {kind: table.Date, metadata: true},
	"deviceid": {kind: table.Text, metadata: true}, "username": {kind: table.Text, metadata: true}, "phonenumber": {kind: table.Text, metadata: true},
	"email": {kind: table.Text, metadata: true}, "subscriberid": {kind: table.Text, metadata: true}, "simserial": {kind: table.Text, metadata: true},
	"start-geopoint": {kind: table.Text, metadata: true},

	"note": {silent: true}, "audit": {silent: true}, "background-audio": {silent: true},
	"background-geopoint": {silent: true}, "xml-external": {silent: true}, "csv-external": {silent: true},
	"begin_group": {silent: true}, "end_group": {silent: true}, "begin_repeat": {silent: true}, "end_repeat": {silent: true},
}

// identifyingTypes hold what may point to a person whatever the form says.
var identifyingTypes = map[string]bool{
	"deviceid": true, "username": true, "phonenumber": true, "email": true, "subscriberid": true, "simserial": true,
	"geopoint": true, "geotrace": true, "geoshape": true, "start-geopoint": true,
	"image": true, "audio": true, "video": true, "file": true,
}

// typeAliases are other spellings of types that converters accept.
var typeAliases = map[string]string{
	"string": "text", "int": "integer", "decimals": "decimal", "float": "decimal", "select1": "select_one",
	"select_all_that_apply": "select_multiple", "add_select_multiple_prompt_using": "select_multiple",
	"add_select_one_prompt_using": "select_one", "trigger": "acknowledge", "photo": "image",
	"gps": "geopoint", "location": "geopoint", "begin_loop": "begin_repeat", "end_loop": "end_repeat", "calc": "calculate",
	"datetime": "datetime", "start_time": "start", "end_time": "end", "imei": "deviceid", "device_id": "deviceid", "calculation": "calculate",
}

// splitType takes the cell of the type column apart: "select one yes_no
// or_other" is select_one, yes_no, true. The type is canonical where known.
func splitType(cell string) (name, list string, orOther bool) {
	words := strings.Fields(cell)
	// Longest spelling first: "select one from file x.csv", "begin group".
	for n := min(5, len(words)); n > 0; n-- {
		name = strings.ToLower(strings.Join(words[:n], "_"))
		if alias, ok := typeAliases[name]; ok {
			name = alias
		}
		if _, ok := questionTypes[name]; !ok {
			continue
		}
		rest := words[n:]
		if len(rest) > 1 && strings.EqualFold(rest[len(rest)-1], "or_other") {
			orOther, rest = true, rest[:len(rest)-1]
		}
		if len(rest) > 2 && strings.EqualFold(rest[len(rest)-2], "or") && strings.EqualFold(rest[len(rest)-1], "specify_other") {
			orOther, rest = true, rest[:len(rest)-2]
		}
		return name, strings.Join(rest, " "), orOther
	}
	if len(words) == 0 {
		return "", "", false
	}
	return strings.ToLower(words[0]), strings.Join(words[1:], " "), false
}
