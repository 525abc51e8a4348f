package outline

import (
	"strings"

	"waymark/forms/xform"
)

// typeWords says for each Type what is asked for or recorded. The names are those
// of XLSForm, so that a reader of the sheet finds them again.
var typeWords = map[string]string{
	"text": "text", "integer": "whole number", "decimal": "number", "date": "date", "time": "time", "dateTime": "date and time",
	"select_one": "one choice", "select_multiple": "any number of choices", "rank": "choices in order",
	"geopoint": "place on a map", "geotrace": "line on a map", "geoshape": "area on a map",
	"image": "picture", "audio": "sound recording", "video": "film", "file": "file", "osm": "OpenStreetMap feature", "barcode": "barcode",
	"range": "number on a scale", "note": "note", "acknowledge": "confirmation",
	"calculate": "calculation", "hidden": "fixed value",
	"start": "time of opening", "end": "time of finishing", "today": "date of opening",
	"deviceid": "device's number", "username": "user's name", "email": "user's email address", "phonenumber": "device's phone number",
	"simserial": "SIM card's number", "subscriberid": "subscriber's number", "property": "setting of the device",
	"audit": "log of the interview", "instanceID": "record's number", "instanceName": "record's name", "deprecatedID": "number of the record that this one replaces",
	"start-geopoint": "place of opening", "background-audio": "sound recording of the interview",
	"boolean": "yes or no", "binary": "file", "link": "web address",
	"group": "group", "repeat": "repeat",
}

// TypeWords says a Type in words: "one choice" for select_one.
func TypeWords(kind string) string {
	if w := typeWords[kind]; w != "" {
		return w
	}
	return kind
}

// preloads maps an XForm's preload and its parameter to the XLSForm type.
// Source: ODK XForms specification, section Preload Attributes.
var preloads = map[string]string{
	"timestamp start": "start", "timestamp end": "end", "date today": "today", "uid": "instanceID",
	"property deviceid": "deviceid", "property username": "username", "property email": "email",
	"property phonenumber": "phonenumber", "property phone number": "phonenumber", "property simserial": "simserial",
	"property subscriberid": "subscriberid", "property uri:deviceid": "deviceid", "property uri:username": "username",
	"property uri:email": "email", "property uri:phonenumber": "phonenumber", "property uri:simserial": "simserial", "property uri:subscriberid": "subscriberid",
}

// bindTypes maps the type of a bind to the XLSForm type of an input.
var bindTypes = map[string]string{
	"": "text", "string": "text", "int": "integer", "integer": "integer", "long": "integer", "decimal": "decimal", "date": "date", "time": "time", "dateTime": "dateTime",
	"boolean": "boolean", "geopoint": "geopoint", "geotrace": "geotrace", "geoshape": "geoshape",
	"binary": "binary", "barcode": "barcode", "odk:rank": "rank", "rank": "rank", "anyURI": "link", "select1": "select_one", "select": "select_multiple",
}

// typeOf says what a control asks for, or what a node without one records.
func typeOf(d *xform.Definition, c *xform.Control) string {
	if c == nil {
		return quietType(d)
	}
	switch c.Tag {
	case "group", "repeat", "range":
		return c.Tag
	case "select1":
		return "select_one"
	case "select":
		return "select_multiple"
	case "odk:rank", "rank":
		return "rank"
	case "trigger":
		return "acknowledge"
	case "upload":
		return uploadType(c)
	}
	if d == nil {
		return "note"
	}
	if (d.Type == "" || d.Type == "string") && strings.TrimSpace(d.ReadOnly) == "true()" {
		return "note"
	}
	if t := bindTypes[d.Type]; t != "" {
		return t
	}
	return "text"
}

func uploadType(c *xform.Control) string {
	kind, _, _ := strings.Cut(c.Attrs["mediatype"], "/")
	switch kind {
	case "image", "audio", "video", "osm":
		return kind
	}
	return "file"
}

func quietType(d *xform.Definition) string {
	switch {
	case !d.Leaf && d.Repeat:
		return "repeat"
	case !d.Leaf:
		return "group"
	case d.Preload != "":
		if t := preloads[strings.TrimSpace(d.Preload+" "+d.PreloadParams)]; t != "" {
			return t
		}
		if d.Preload == "uid" {
			return "instanceID"
		}
		return "property"
	}
	switch local := d.Name[strings.IndexByte(d.Name, ':')+1:]; {
	case inMeta(d) && (local == "audit" || local == "instanceID" || local == "instanceName" || local == "deprecatedID"):
		return local
	case d.Calculate != "":
		return "calculate"
	case d.Type == "geopoint":
		return "start-geopoint"
	case d.Type == "binary":
		return "background-audio"
	}
	return "hidden"
}

// inMeta tells whether a node is in the block of data about the record itself.
func inMeta(d *xform.Definition) bool {
	p := d.Parent
	return p != nil && p.Parent != nil && p.Parent.Parent == nil && p.Name[strings.IndexByte(p.Name, ':')+1:] == "meta"
}

// AboutRecord tells whether an item is data about the record or the device and
// not about the interview: its number, when it was opened, by which device.
func (i *Item) AboutRecord() bool {
	d := i.Definition
	return i.Kind == Quiet && d != nil && (d.Preload != "" || inMeta(d) || d.Parent != nil && inMeta(d.Parent))
}
