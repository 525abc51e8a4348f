package brief

import (
	"bytes"
	"html/template"
	"strings"

	"waymark/internal/fault"
	"waymark/internal/pattern"
)

// ReceiptEntry is how one number was made, as people read it.
type ReceiptEntry struct {
	Key   string      // Required. The anchor: the key of the number in the brief.
	Title string      // Required. What the number is.
	Lines [][2]string // label and value, in order
}

// ReceiptsPage is the page of receipts beside a brief.
type ReceiptsPage struct {
	// Brief gives the page its language, title, label, footer and words. Required.
	Brief *Document
	// Back is the relative address of the brief; "" for no link back.
	Back string
	// Shared is what holds for all numbers, such as the file and its hash.
	Shared [][2]string
	// Entries come in the order of the brief. Two with one key are an error.
	Entries []ReceiptEntry
}

type receiptsView struct {
	Doc     *Document
	Dir     string
	Style   template.CSS
	W       map[string]string
	Back    string
	Shared  []lineView
	Entries []entryView
}

type entryView struct {
	Key, Title string
	Lines      []lineView
}

type lineView struct {
	Label, Value string
	Code         bool
}

// machine tells values that are for machines - hashes, commands, keys - and
// are set in the type of code, from left to right in any language.
var machine = pattern.Of(`^(waymark |[0-9a-f]{40,}$)`)

// ReceiptsHTML renders the receipts page: one anchor for each key, so that a
// number in the brief leads to what was computed, from which file, after which
// filters, by which method and program, and to the command that does it again.
func ReceiptsHTML(page ReceiptsPage) ([]byte, error) {
	doc := page.Brief
	if doc == nil {
		return nil, fault.New(fault.Internal, fault.Place{}, "a receipts page needs its brief", "")
	}
	v := receiptsView{Doc: doc, Dir: "ltr", W: map[string]string{}, Back: page.Back, Shared: lines(page.Shared)}
	if doc.RTL {
		v.Dir = "rtl"
	}
	for k := range renderWords {
		v.W[k] = doc.word(k)
	}
	v.Style = styleSheet(doc.Synthetic, v.W["page"])
	seen := make(map[string]bool, len(page.Entries))
	for _, e := range page.Entries {
		if e.Key == "" || seen[e.Key] || strings.ContainsAny(e.Key, " \t\r\n#") {
			return nil, fault.New(fault.Internal, fault.Place{Field: e.Key}, "a receipt's key must be unique and without spaces", "")
		}
		seen[e.Key] = true
		v.Entries = append(v.Entries, entryView{e.Key, e.Title, lines(e.Lines)})
	}
	var b bytes.Buffer
	b.Grow(1 << 19)
	if err := pages().ExecuteTemplate(&b, "receipts", v); err != nil {
		return nil, fault.Wrap(fault.Internal, fault.Place{}, "the receipts could not be written as HTML", "", err)
	}
	return b.Bytes(), nil
}

func lines(in [][2]string) []lineView {
	out := make([]lineView, len(in))
	for i, l := range in {
		out[i] = lineView{l[0], l[1], machine().MatchString(l[1])}
	}
	return out
}
