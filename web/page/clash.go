package page

import "strconv"

// Clash is what a page shows when a change met another person's: what is stored now
// beside what was typed. Nothing was saved; the form keeps what was typed. Partial
// "part/clash" takes a *Clash; nil shows nothing.
type Clash struct{ Rows []ClashRow }

// ClashRow is one value that differs.
type ClashRow struct{ Label, Now, Yours string }

// Add adds a value if the two differ.
func (c *Clash) Add(label, now, yours string) {
	if now != yours {
		c.Rows = append(c.Rows, ClashRow{label, now, yours})
	}
}

// etagField is the hidden field of the state that a form was shown for: partial
// "field/etag" takes the Form.
const etagField = "etag"

// SetEtag notes the state that the form is shown for.
func (f *Form) SetEtag(etag int64) { f.Set(etagField, strconv.FormatInt(etag, 10)) }

// Etag is the state that the form was shown for, or -1, which no state has.
func (f *Form) Etag() int64 {
	n, err := strconv.ParseInt(f.values.Get(etagField), 10, 64)
	if err != nil {
		return -1
	}
	return n
}
