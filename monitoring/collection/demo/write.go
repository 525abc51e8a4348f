package demo

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"waymark/monitoring/instrument"
)

// writer writes documents of the questionnaire as ODK Collect does: the form's
// order, what is not relevant left out.
type writer struct {
	version string
	country map[string]string // code: label in the form's own language
	buf     bytes.Buffer
	p       *person
}

func newWriter() (*writer, error) {
	in, err := instrument.Load(Instrument)
	if err != nil {
		return nil, err
	}
	w := &writer{version: in.Version, country: map[string]string{}}
	for _, c := range in.Lists["country"] {
		w.country[c.Name] = c.Label.In("en")
	}
	return w, nil
}

// instant is how ODK writes one.
const instant = "2006-01-02T15:04:05.000-07:00"

func (w *writer) interview(p *person) *Interview {
	w.p = p
	p.shuffle()
	w.buf.Reset()
	id := "uuid:" + p.answer["_uuid"]
	w.document(id)
	return &Interview{XML: bytes.Clone(w.buf.Bytes()), InstanceID: id, Start: p.start, End: p.end, Sent: p.sent,
		Day: p.answer["interview_date"], Point: p.answer["point"], Route: p.answer["route"], Enumerator: p.answer["enumerator"], Planted: p.planted}
}

// value writes an element.
func (w *writer) value(name, value string) {
	w.buf.WriteString("<" + name + ">")
	xmlText.WriteString(&w.buf, value)
	w.buf.WriteString("</" + name + ">")
}

var xmlText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// asked writes the answers of questions in order; blank ones as empty elements.
func (w *writer) asked(names ...string) {
	for _, name := range names {
		w.value(name, w.p.answer[name])
	}
}

// given writes the answers that there are.
func (w *writer) given(names ...string) {
	for _, name := range names {
		if w.p.answer[name] != "" {
			w.asked(name)
		}
	}
}

func (w *writer) group(name string, write func()) {
	w.buf.WriteString("<" + name + ">")
	write()
	w.buf.WriteString("</" + name + ">")
}

func (w *writer) document(id string) {
	p := w.p
	w.buf.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<data id="` + Instrument + `" version="` + w.version + `">`)
	w.value("start", p.start.Format(instant))
	w.value("end", p.end.Format(instant))
	w.value("today", p.start.Format(time.DateOnly))
	w.asked("deviceid")
	consent := p.is("consent", "yes")
	w.group("intro", func() {
		w.asked("interview_date", "enumerator", "point", "point_location", "consent")
		// A phone leaves out what it did not ask; people who took part before and
		// then did not consent are in the round all the same, and show what the
		// check of a form finds.
		if consent || p.is("previous", "yes") {
			w.asked("previous")
		}
		if consent && !p.is("previous", "yes") {
			w.asked("route")
		}
	})
	eligible := p.eligible()
	w.value("eligible", map[bool]string{true: "yes", false: "no"}[eligible])
	if consent && !p.is("previous", "yes") {
		w.group("profile", func() { w.profile(eligible) })
	}
	if eligible {
		w.group("journey", w.journey)
		w.group("safety", func() {
			w.value("card_now", "no")
			w.value("module_ready", "go_on")
		})
		w.group("module", w.module)
	}
	w.group("closing", func() { w.closing(consent, eligible) })
	w.value("duration_minutes", strconv.Itoa(int(p.end.Sub(p.start).Minutes()+0.5)))
	w.group("meta", func() {
		w.value("instanceID", id)
		w.value("instanceName", "fms-2016 "+p.answer["point"]+" "+p.answer["interview_date"]+" "+p.start.Format("15:04")+" "+p.answer["enumerator"])
	})
	w.buf.WriteString("</data>")
}

func (w *writer) profile(eligible bool) {
	w.asked("age")
	if w.p.answer["age"] == "" {
		w.value("age_unknown", "OK")
	}
	if eligible {
		w.asked("sex", "nationality", "country_departure", "education", "employment_before", "marital_status", "travelling")
	}
}

func (w *writer) journey() {
	p := w.p
	w.asked("departure_date")
	way := p.answer["transit_countries"]
	if way == "" { // the example does not tell why
		way = p.pick("dk", "refused")
	}
	if way == "none" {
		w.value("transit_any", "no")
		w.value("stage_count", "0")
	} else {
		w.value("transit_any", "yes")
		w.value("transit_countries", way)
		list := countries(way)
		w.value("stage_count", strconv.Itoa(len(list)))
		for _, code := range list {
			w.group("stage", func() {
				w.value("stage_country", code)
				w.value("stage_name", w.country[code])
				w.group("stage_page", func() {
					w.value("stage_time", p.pick("under_1_day", "1_7_days", "1_7_days", "1_4_weeks", "1_3_months", "3_6_months"))
					w.value("stage_means", p.pick("foot", "bus_train", "car", "truck", "foot car", "bus_train truck", "boat"))
					w.value("stage_cost", p.pick("nothing", "under_1000", "under_1000", "1000_2500", "dk", "refused"))
					w.value("stage_reason", p.pick("passed_through", "passed_through", "transport", "transport", "money", "border", "papers"))
				})
			})
		}
	}
	w.asked("transit_time", "abroad_one_year", "cost", "reason", "destination")
}

// own are the five questions on a person's own experience.
var own = []string{"unpaid_work", "forced_work", "job_offer", "marriage_offer", "held"}

func (w *writer) module() {
	p := w.p
	allNo := true
	for _, q := range append(own[:len(own):len(own)], "organs_awareness") {
		w.asked(q)
		if p.is(q, "yes") {
			w.asked(q + "_where")
		} else {
			w.given(q + "_where") // planted
		}
		allNo = allNo && (q == "organs_awareness" || p.is(q, "no"))
	}
	if !allNo {
		return
	}
	w.asked("family_any")
	if p.is("family_any", "yes") {
		w.value("family_which", p.pick("unpaid_work", "forced_work", "job_offer", "held", "unpaid_work forced_work"))
		w.value("family_country", p.pick("LBY", "TUR", "DZA", "dk"))
	}
}

func (w *writer) closing(consent, eligible bool) {
	p := w.p
	if consent {
		w.value("danger", "no")
		w.value("card_taken", p.pick("yes", "yes", "no"))
		if p.answer["referral_given"] == "" {
			p.answer["referral_given"] = "no"
		}
		w.asked("referral_given")
		if p.is("referral_given", "yes") {
			w.value("referral_service", p.pick("medical", "legal", "shelter", "protection", "medical legal"))
		}
	}
	if eligible {
		w.value("interview_language", p.pick("en", "fr", "ar", "prs", "ps", "ur", "fa", "other"))
		w.value("stop_reason", "complete")
	}
	if consent {
		w.asked("enumerator_note")
	}
	w.value("finished", "OK")
}
