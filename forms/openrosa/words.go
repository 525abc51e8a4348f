package openrosa

import (
	"bytes"
	"embed"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"waymark/internal/lang"
)

//go:embed lang/*.yaml
var catalogues embed.FS

// message is what can be said to an enumerator. Collect shows it as it is.
type message uint8

const (
	sayReceived message = iota
	sayWaiting
	sayDenied
	sayGuesses
	sayNoPage
	sayMethod
	sayNoForm
	sayNoVersion
	sayFormClosed
	sayRoundClosed
	sayRoundPreparing
	sayOther
	sayReplacesNothing
	sayReplacedBefore
	sayPostTooLarge
	sayXMLTooLarge
	sayFileTooLarge
	sayTooMany
	sayCompressed
	sayNoMultipart
	sayBroken
	sayNoXML
	sayTwoXML
	sayBadXML
	sayNoInstance
	sayBadName
	sayTwice
	sayBusy
	sayUnavailable
	sayInternal
	messages // how many there are
)

// keys of the messages in the catalogues.
var keys = [messages]string{
	"received", "waiting", "denied", "guesses", "no_page", "method", "no_form", "no_version", "form_closed",
	"round_closed", "round_preparing", "other", "replaces_nothing", "replaced_before",
	"post_too_large", "xml_too_large", "file_too_large", "too_many", "compressed", "no_multipart",
	"broken", "no_xml", "two_xml", "bad_xml", "no_instance", "bad_name", "twice", "busy",
	"unavailable", "internal",
}

// words are the bodies of all messages in every language, made once.
type words struct {
	fallback string
	bodies   map[string][][]byte
}

// speak reads the catalogues. It panics if one is not whole, which a test and
// the first start of a build show.
func speak(fallback string, l Limits) words {
	w := words{fallback: fallback, bodies: map[string][][]byte{}}
	for _, code := range lang.Languages(catalogues, "lang") {
		c, err := lang.Load(catalogues, "lang", code)
		if err != nil {
			panic(fmt.Sprintf("openrosa: %v", err))
		}
		p, err := lang.NewPrinter(c)
		if err != nil {
			panic(fmt.Sprintf("openrosa: %v", err))
		}
		bodies := make([][]byte, messages)
		for m, key := range keys {
			var b bytes.Buffer
			nature := "error"
			if message(m) == sayReceived || message(m) == sayWaiting {
				nature = "submit_success"
			}
			b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<OpenRosaResponse xmlns="http://openrosa.org/http/response"><message nature="` + nature + `">`)
			_ = xml.EscapeText(&b, []byte(p.Text(key, limitsSaid(c, key, p, l)...)))
			b.WriteString("</message></OpenRosaResponse>\n")
			bodies[m] = b.Bytes()
		}
		if err := p.Err(); err != nil {
			panic(fmt.Sprintf("openrosa: %v", err))
		}
		w.bodies[code] = bodies
	}
	if _, ok := w.bodies[w.fallback]; !ok {
		w.fallback = "en"
	}
	return w
}

// limitsSaid fills in the limits that a message speaks of, in megabytes.
func limitsSaid(c *lang.Catalogue, key string, p *lang.Printer, l Limits) []lang.Arg {
	var args []lang.Arg
	for _, v := range c.Variables(key) {
		switch v {
		case "post":
			args = append(args, lang.Text(v, megabytes(l.Post)))
		case "xml":
			args = append(args, lang.Text(v, megabytes(l.XML)))
		case "file":
			args = append(args, lang.Text(v, megabytes(l.File)))
		case "parts":
			args = append(args, lang.Text(v, p.Whole(l.Parts)))
		}
	}
	return args
}

func megabytes(n int64) string {
	return strconv.FormatFloat(float64(n/100_000)/10, 'f', -1, 64)
}

// body is a message in the language that a header asks for.
func (w *words) body(acceptLanguage string, m message) []byte {
	return w.bodies[w.pick(acceptLanguage)][m]
}

// pick is the language that the header wants most and that there is. Source: RFC
// 9110, §12.5.4.
func (w *words) pick(header string) string {
	best, weight := w.fallback, 0.0
	for len(header) > 0 && len(header) < 1_000 {
		var item string
		item, header, _ = strings.Cut(header, ",")
		tag, params, _ := strings.Cut(item, ";")
		code, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
		if _, ok := w.bodies[code]; !ok {
			continue
		}
		q := 1.0
		if v, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			var err error
			if q, err = strconv.ParseFloat(v, 64); err != nil {
				continue
			}
		}
		if q > weight && q <= 1 {
			best, weight = code, q
		}
	}
	return best
}
