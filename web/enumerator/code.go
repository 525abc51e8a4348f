package enumerator

import (
	"bytes"
	"html/template"
	"slices"
	"strconv"
	"time"

	"waymark/internal/fault"
	"waymark/monitoring/collection"
	"waymark/web/page"
)

const codeWords = "enumerator.codes"

// mostCodes is how many codes one sheet holds: each takes a page of paper.
const mostCodes = 200

// codesPage is what the page that asks for whom codes are to be made shows.
type codesPage struct {
	Form  *page.Form
	Who   []whoRow
	Once  page.Notice
	Empty page.Empty
	Back  string
}

// whoRow is a person who may get a code.
type whoRow struct {
	ID, Code, Name, Etag string
	Tag                  page.Tag
	Chosen               bool
}

// card is one person's page of the sheet.
type card struct {
	Code, Name string
	Points     []string
	QR         template.HTML
	// Link opens the page that fills in forms in a browser; LinkQR is its picture.
	Link   string
	LinkQR template.HTML
}

// codes asks for whom codes are to be made: those named by "who", or all who have
// none.
func (a *area) codes(r *page.Request) error {
	f, err := r.ReadQuery(codeWords)
	if err != nil {
		return err
	}
	if f.Raw("lang") == "" {
		f.Set("lang", r.Lang)
	}
	return renderCodes(r, 200, f, f.Values("who"))
}

func renderCodes(r *page.Request, status int, f *page.Form, chosen []string) error {
	people, err := r.House.Collection.ListEnumerators(r.Context(), r.Round.ID)
	if err != nil {
		return err
	}
	v := codesPage{Form: f, Back: rootPath(r), Once: page.Notice{Kind: "warning", Text: r.Text("enumerator.codes.once")},
		Empty: page.Empty{Title: r.Text("enumerator.empty.title"), Text: r.Text("enumerator.empty.add"),
			Actions: []page.Link{{Text: r.Text("enumerator.list"), Href: rootPath(r) + "/list"}}}}
	var languages []page.Option
	for _, code := range page.Languages {
		languages = append(languages, page.Option{Value: code, Text: page.LanguageNames[code]})
	}
	f.SetOptions("lang", languages)
	for _, e := range people {
		id := e.ID.String()
		has := e.Phone() == collection.PhoneReady || e.Phone() == collection.PhoneUsed
		v.Who = append(v.Who, whoRow{ID: id, Code: e.Code, Name: e.Name, Etag: strconv.FormatInt(e.Etag, 10), Tag: phoneTag(r, e),
			Chosen: slices.Contains(chosen, id) || len(chosen) == 0 && status == 200 && !has && e.Revoked.IsZero()})
	}
	r.Crumb(r.Text("enumerator.title"), v.Back)
	return r.Render(status, "enumerator/codes", v)
}

// codesPost makes codes and shows them, this once. A code that a person had before
// ends. Whoever loads the sheet again sends the states of before, which are old by
// then: nothing is made anew behind the back of those who hold the paper.
func (a *area) codesPost(r *page.Request) error {
	f, err := r.ReadForm(codeWords)
	if err != nil {
		return err
	}
	chosen := f.Values("who")
	lang := f.Choice("lang", page.Languages, page.Required)
	people, err := r.House.Collection.ListEnumerators(r.Context(), r.Round.ID)
	if err != nil {
		return err
	}
	var list []*collection.FieldEnumerator
	for _, e := range people {
		if slices.Contains(chosen, e.ID.String()) {
			e.Etag, _ = strconv.ParseInt(f.Raw("etag."+e.ID.String()), 10, 64) // zero is no state
			list = append(list, e)
		}
	}
	switch {
	case !r.Round.Live():
		return page.NotFound()
	case len(list) == 0:
		f.Wrong("who", "enumerator.codes.nobody")
	case len(list) > mostCodes:
		f.Wrong("who", "enumerator.codes.most", "n", mostCodes)
	}
	if f.Bad() {
		return renderCodes(r, 422, f, chosen)
	}
	cards, err := a.make(r, list, lang)
	if err != nil && fault.KindOf(err) == fault.Conflict {
		f.Wrong("", "enumerator.codes.clash")
		return renderCodes(r, 409, f, chosen)
	}
	if err != nil {
		return err
	}
	r.Lang = lang // the sheet is read by those who get it
	r.Crumb(r.Text("enumerator.title"), rootPath(r))
	return r.Render(200, "enumerator/sheet", struct {
		Cards []card
		Round string
		Back  string
	}{cards, r.Round.Name, rootPath(r)})
}

// make makes the codes of all, or of none.
func (a *area) make(r *page.Request, list []*collection.FieldEnumerator, lang string) ([]card, error) {
	points, err := r.House.Collection.ListPoints(r.Context(), r.Round.ID)
	if err != nil {
		return nil, err
	}
	byID := collection.PointsByID(points)
	cards, hashes := make([]card, len(list)), make([][]byte, len(list))
	for i, e := range list {
		token, hash := a.NewToken()
		text, err := a.Settings(r.House.Base, token, r.Round.Name, e.Code, lang)
		if err != nil {
			return nil, err
		}
		var svg bytes.Buffer
		if err := a.QR(&svg, text, r.Text("enumerator.sheet.qr", "code", e.Code)); err != nil {
			return nil, err
		}
		link := a.Browser(r.House.Base, token, e.Code)
		var linkSVG bytes.Buffer
		if err := a.QR(&linkSVG, link, r.Text("enumerator.sheet.link.qr", "code", e.Code)); err != nil {
			return nil, err
		}
		hashes[i] = hash
		e.Coded, e.Revoked = r.House.Now(), time.Time{}
		// The pictures hold their labels escaped and nothing else that was typed.
		cards[i] = card{Code: e.Code, Name: e.Name, Points: pointCodes(e, byID), QR: template.HTML(svg.String()), Link: link, LinkQR: template.HTML(linkSVG.String())}
	}
	return cards, r.House.Collection.PutEnumerators(r.Context(), r.By, r.Round.ID, list, hashes)
}
