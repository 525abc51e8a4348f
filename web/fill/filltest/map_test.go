package filltest

import (
	"testing"

	"waymark/forms/xlsform"
	"waymark/monitoring/instrument"
	"waymark/web/fill"
)

// way is a synthetic form that asks for a line on a map.
const way = `<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa">
<h:head><h:title>Way</h:title><model>
<instance><data id="way" version="1"><line/><place/><meta><instanceID/></meta></data></instance>
<bind nodeset="/data/line" type="geotrace"/><bind nodeset="/data/place" type="geopoint"/>
<bind nodeset="/data/meta/instanceID" type="string" readonly="true()" jr:preload="uid"/></model></h:head>
<h:body><input ref="/data/line"><label>Line</label></input><input ref="/data/place" appearance="placement-map"><label>Place</label></input></h:body></h:html>`

// TestMap: a form with maps works without a line, and asks nobody for pictures of
// places: the tab fails the test if another server is asked.
func TestMap(t *testing.T) {
	w := newWorld(t)
	w.publish("way", "Way", way)
	h := w.hand()
	h.arrives(fill.Link(w.server.Base, w.token, ""))
	h.tab.Eval(`(async () => {
		const cache = await caches.open("waymark-fill-map");
		while ((await cache.keys()).length === 0) await new Promise((soon) => setTimeout(soon, 20));
		return true;
	})()`, nil)
	w.away.Store(true)
	h.clicks("Start interview Way")
	h.tab.Wait(`document.querySelectorAll(".odk-form .ol-viewport canvas").length > 0`)
	h.tab.Screenshot("fill-map")
}

// TestInstrument: the questionnaire of 2016 opens, in Arabic from right to left.
func TestInstrument(t *testing.T) {
	w := newWorld(t)
	book, err := instrument.XLSForm("fms-2016")
	w.must(err)
	compiled, err := xlsform.Compile(book, xlsform.Options{})
	w.must(err)
	w.publish("fms-2016", "Flow monitoring survey", string(compiled.XForm))
	h := w.hand()
	h.arrives(fill.Link(w.server.Base, w.token, "E08"))
	h.clicks("العربية")
	h.clicks("ابدأ مقابلة Flow monitoring survey")
	h.tab.Wait(`document.querySelectorAll(".odk-form .question-container").length > 8 && document.querySelector(".fill-form-place").dir === "rtl"`)
	h.tab.Screenshot("fill-instrument-arabic")
}
