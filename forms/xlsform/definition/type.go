package definition

import (
	"strings"
)

// questionType is what a type of the survey sheet stands for.
type questionType struct {
	// name is the type as XLSForm now spells it.
	name string
	// tag is the body element; action and none have no control.
	tag     string
	bind    Attrs
	control Attrs
	hint    string
}

// Shared attributes of types.
var (
	stringBind   = Attrs{{"type", "string"}}
	binaryBind   = Attrs{{"type", "binary"}}
	readonlyBind = Attrs{{"readonly", "true()"}, {"type", "string"}}
)

func input(name, bind string) questionType {
	return questionType{name: name, tag: "input", bind: Attrs{{"type", bind}}}
}

func bounded(constraint, hint string) questionType {
	t := input("integer", "int")
	t.bind = append(t.bind, Attr{"constraint", constraint})
	t.hint = hint
	return t
}

func upload(name, media string) questionType {
	return questionType{name: name, tag: "upload", bind: binaryBind, control: Attrs{{"mediatype", media}}}
}

func preload(name, kind, bind, params string) questionType {
	return questionType{name: name, bind: Attrs{{"jr:preload", kind}, {"type", bind}, {"jr:preloadParams", params}}}
}

func property(name string) questionType { return preload(name, "property", "string", name) }

// questionTypes are all types with all their older spellings. A select is here
// without its list, as the part of the row's type that stands before it.
//
// Source: XLSForm (xlsform.org), pyxform 4.5.0.
var questionTypes = map[string]questionType{
	"text": input("text", "string"), "string": input("text", "string"),
	"q string": input("text", "string"), "add text prompt": input("text", "string"),

	"integer": input("integer", "int"), "int": input("integer", "int"),
	"q int": input("integer", "int"), "add integer prompt": input("integer", "int"),
	"percentage":                        bounded("0 <= . and . <= 100", ""),
	"number of days in last month":      bounded("0 <= . and . <= 31", "Enter a number 0-31."),
	"number of days in last six months": bounded("0 <= . and . <= 183", "Enter a number 0-183."),
	"number of days in last year":       bounded("0 <= . and . <= 365", "Enter a number 0-365."),
	"decimal":                           input("decimal", "decimal"),
	"q decimal":                         input("decimal", "decimal"),
	"add decimal prompt":                input("decimal", "decimal"),
	"range":                             {name: "range", tag: "range", bind: Attrs{{"type", "int"}}},
	"phone number": {name: "text", tag: "input", hint: "Enter numbers only.",
		bind: Attrs{{"type", "string"}, {"constraint", `regex(., '^\d*$')`}}},

	"date": input("date", "date"), "q date": input("date", "date"), "add date prompt": input("date", "date"),
	"time":     input("time", "time"),
	"dateTime": input("dateTime", "dateTime"), "datetime": input("dateTime", "dateTime"),
	"date time": input("dateTime", "dateTime"), "q date time": input("dateTime", "dateTime"),
	"q dateTime": input("dateTime", "dateTime"), "add date time prompt": input("dateTime", "dateTime"),
	"add dateTime prompt": input("dateTime", "dateTime"),

	"geopoint": input("geopoint", "geopoint"), "q geopoint": input("geopoint", "geopoint"),
	"gps": input("geopoint", "geopoint"), "location": input("geopoint", "geopoint"),
	"q location": input("geopoint", "geopoint"), "add location prompt": input("geopoint", "geopoint"),
	"geoshape": input("geoshape", "geoshape"), "q geoshape": input("geoshape", "geoshape"),
	"geotrace": input("geotrace", "geotrace"), "q geotrace": input("geotrace", "geotrace"),

	"barcode": input("barcode", "barcode"), "q barcode": input("barcode", "barcode"),
	"add barcode prompt": input("barcode", "barcode"),

	"photo": upload("image", "image/*"), "image": upload("image", "image/*"),
	"q picture": upload("image", "image/*"), "q image": upload("image", "image/*"),
	"add image prompt": upload("image", "image/*"),
	"audio":            upload("audio", "audio/*"), "q audio": upload("audio", "audio/*"),
	"add audio prompt": upload("audio", "audio/*"),
	"video":            upload("video", "video/*"), "q video": upload("video", "video/*"),
	"add video prompt": upload("video", "video/*"),
	"file":             upload("file", "application/*"), "add file prompt": upload("file", "application/*"),
	"osm": upload("osm", "osm/*"),

	"note":            {name: "note", tag: "input", bind: readonlyBind},
	"q note":          {name: "note", tag: "input", bind: readonlyBind},
	"add note prompt": {name: "note", tag: "input", bind: readonlyBind},

	"acknowledge":            {name: "acknowledge", tag: "trigger", bind: stringBind},
	"q acknowledge":          {name: "acknowledge", tag: "trigger", bind: stringBind},
	"add acknowledge prompt": {name: "acknowledge", tag: "trigger", bind: stringBind},
	"trigger":                {name: "acknowledge", tag: "trigger"},

	"calculate": {name: "calculate", bind: stringBind}, "q calculate": {name: "calculate", bind: stringBind},
	"add calculate prompt": {name: "calculate", bind: stringBind},
	"hidden":               {name: "hidden", bind: stringBind},

	"start":      preload("start", "timestamp", "dateTime", "start"),
	"start time": preload("start", "timestamp", "dateTime", "start"), "get start time": preload("start", "timestamp", "dateTime", "start"),
	"end":      preload("end", "timestamp", "dateTime", "end"),
	"end time": preload("end", "timestamp", "dateTime", "end"), "get end time": preload("end", "timestamp", "dateTime", "end"),
	"today": preload("today", "date", "date", "today"), "get today": preload("today", "date", "date", "today"),

	"deviceid": property("deviceid"), "device id": property("deviceid"),
	"get device id": property("deviceid"), "imei": property("deviceid"),
	"subscriberid": property("subscriberid"), "subscriber id": property("subscriberid"),
	"get subscriber id": property("subscriberid"),
	"simserial":         property("simserial"), "sim id": property("simserial"), "get sim id": property("simserial"),
	"phonenumber": property("phonenumber"), "get phone number": property("phonenumber"),
	"username": property("username"), "email": property("email"),
	"uri:deviceid": property("uri:deviceid"), "uri:subscriberid": property("uri:subscriberid"),
	"uri:simserial": property("uri:simserial"), "uri:phonenumber": property("uri:phonenumber"),
	"uri:username": property("uri:username"), "uri:email": property("uri:email"),

	"audit":               {name: "audit", bind: binaryBind},
	"start-geopoint":      {name: "start-geopoint", tag: "action", bind: Attrs{{"type", "geopoint"}}},
	"background-audio":    {name: "background-audio", tag: "action", bind: binaryBind},
	"background-geopoint": {name: "background-geopoint", tag: "trigger", bind: Attrs{{"type", "geopoint"}}},
	"csv-external":        {name: "csv-external"},
	"xml-external":        {name: "xml-external"},

	"select_one":          {name: "select_one", tag: "select1", bind: stringBind},
	"select_multiple":     {name: "select_multiple", tag: "select", bind: stringBind},
	"select_one_external": {name: "select_one_external", tag: "input", bind: stringBind},
	"rank":                {name: "rank", tag: "odk:rank", bind: Attrs{{"type", "odk:rank"}}},
}

// typeSpellings are older spellings that behave like the new one
// in every way; the others in questionTypes keep some habits of old forms, such
// as not taking parameters.
var typeSpellings = map[string]string{
	"imei":             "deviceid",
	"image":            "photo",
	"add image prompt": "photo",
	"add photo prompt": "photo",
	"add audio prompt": "audio",
	"add video prompt": "video",
	"add file prompt":  "file",
}

// typeHints are what a misspelled type may be meant as.
var typeHints = []string{"text", "integer", "decimal", "date", "time", "dateTime", "geopoint", "geotrace",
	"geoshape", "image", "audio", "video", "file", "barcode", "range", "note", "acknowledge", "calculate",
	"hidden", "start", "end", "today", "deviceid", "username", "email", "phonenumber", "audit",
	"begin group", "end group", "begin repeat", "end repeat", "csv-external", "xml-external",
	"start-geopoint", "background-audio", "background-geopoint", "osm"}

// withLists are the types that a list's name follows.
var withLists = []string{"select_one", "select_multiple", "rank", "select_one_from_file",
	"select_multiple_from_file", "select_one_external"}

// typeRemedy says what to write for a type that is not known.
func typeRemedy(written string) string {
	if _, bare := selectCommands[written]; bare {
		return "write the name of a list after it, such as " + canonicalSelect(written) + " yes_no"
	}
	if first, rest, two := strings.Cut(written, " "); two {
		if like := nearest(first, withLists); like != "" {
			return "write " + like + " " + rest
		}
	}
	if like := nearest(written, typeHints); like != "" {
		return "write " + like
	}
	if like := nearest(written, withLists); like != "" {
		return "write " + like + " and the name of a list"
	}
	return "write one of XLSForm's types, such as text, integer, select_one LIST or note"
}

func canonicalSelect(command string) string { return strings.ReplaceAll(command, " ", "_") }
