package definition

import (
	"slices"
	"strings"
)

// readText reads the rows parameter of a text question.
func (r *reader) readText(w *row) {
	r.accept(w, "rows")
	if !w.parameters.Has("rows") {
		return
	}
	rows := w.parameters.Get("rows")
	if !isWhole(rows) {
		r.fault(r.at(w, "parameters"), "write a number such as rows=3", "the parameter \"rows\" is %q, not a whole number", rows)
		return
	}
	w.el.Control.Set("rows", rows)
}

// readPhoto reads the parameters of a picture and the path of its default.
func (r *reader) readPhoto(w *row) {
	el := w.el
	const folder = "jr://images/"
	if el.Default != "" && !strings.Contains(el.Default, folder) {
		el.Default = folder + el.Default
	}
	r.accept(w, "app", "max-pixels")
	if !w.parameters.Has("max-pixels") {
		r.warn(r.at(w, "parameters"), "add max-pixels=1024, or what the work needs",
			"the picture has no max-pixels, so it may be slow to send and costly to keep")
	} else if pixels := w.parameters.Get("max-pixels"); !isWhole(pixels) {
		r.fault(r.at(w, "parameters"), "write a number such as max-pixels=1024", "the parameter \"max-pixels\" is %q, not a whole number", pixels)
	} else {
		el.Bind.Set("orx:max-pixels", pixels)
	}
	if app := w.parameters.Get("app"); app != "" && (w.appearance == "" || w.appearance == "annotate") {
		if why := packageFault(app); why != "" {
			r.fault(r.at(w, "parameters"), "write the name of an Android package, such as org.example.camera", "the parameter \"app\" is %q: %s", app, why)
			return
		}
		el.Control.Set("intent", app)
	}
}

// packageFault says what is wrong with the name of an Android package.
//
// Source: Android developers, "Configure the app module", application ID.
func packageFault(name string) string {
	if !strings.Contains(name, ".") {
		return "there is no full stop in it"
	}
	for _, segment := range strings.Split(name, ".") {
		switch {
		case segment == "":
			return "nothing stands before or after a full stop"
		case segment[0] == '_' || segment[0] >= '0' && segment[0] <= '9':
			return "a part of it begins with a digit or an underscore"
		}
		for i := 0; i < len(segment); i++ {
			c := segment[i]
			if c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
				return "it has characters other than letters, digits and underscores"
			}
		}
	}
	return ""
}

// readAudio reads the quality of a recording, in the foreground or background.
func (r *reader) readAudio(w *row) {
	el := w.el
	r.accept(w, "quality")
	qualities := []string{"voice-only", "low", "normal", "external"}
	background := w.kind == "background-audio"
	if background {
		qualities = qualities[:3]
	}
	quality := w.parameters.Get("quality")
	if quality != "" && !slices.Contains(qualities, quality) {
		r.fault(r.at(w, "parameters"), "write one of "+strings.Join(qualities, ", "), "%q is not a value of the parameter \"quality\"", quality)
		quality = ""
	}
	if !background {
		if quality != "" {
			el.Bind.Set("odk:quality", quality)
		}
		return
	}
	record := Action{Name: "odk:recordaudio", Event: "odk-instance-load"}
	if quality != "" {
		record.Attrs = Attrs{{"odk:quality", quality}}
	}
	el.Actions = append(el.Actions, record)
}
