package matter

import (
	"strings"

	"waymark/referral/rule"
	"waymark/web/page"
)

// Said is a text of the rules. Lang is "" where it is in the page's language.
type Said struct{ Text, Lang string }

// Say puts a text of the rules into the page's language, or English, marked so.
func Say(r *page.Request, t rule.Text) Said {
	if len(t) == 0 {
		return Said{}
	}
	text, in := t.In(r.Lang)
	if in == r.Lang {
		in = ""
	}
	return Said{text, in}
}

// Cell is a text of the rules in a table or a summary.
func (s Said) Cell() page.Cell { return page.Cell{Text: s.Text, Lang: s.Lang} }

// Cite says where a rule comes from: "Modern Slavery Act 2015, section 52".
func Cite(p *rule.Pathway, c rule.Cite) string {
	authority := c.Authority
	if s := p.Source(c.Authority); s != nil {
		authority = s.Title.String()
	}
	return strings.TrimSuffix(authority+", "+c.Section, ", ")
}

// Checked says when somebody compared a rule with its source, or that nobody did.
func Checked(r *page.Request, u *rule.Rule) page.Tag {
	if u.Verified.IsZero() {
		return page.Tag{Text: r.Text("matter.unverified"), Colour: "yellow"}
	}
	return page.Tag{Text: r.Text("matter.verified", "date", r.Words().Date(u.Verified.String())), Colour: "green"}
}

// Answer is the values of a question as people read them, in the page's language
// where the rules have it.
func Answer(r *page.Request, q *rule.Question, values []string) Said {
	var texts []string
	lang := ""
	for _, v := range values {
		switch q.Kind {
		case rule.Choice, rule.Choices:
			if o := q.Option(v); o != nil {
				s := Say(r, o.Text)
				v = s.Text
				if s.Lang != "" {
					lang = s.Lang
				}
			}
		case rule.Country, rule.Countries:
			v = CountryName(r, v)
		case rule.Language:
			v = LanguageName(r, v)
		case rule.DateKind, rule.Month:
			v = Day(r, v)
		}
		texts = append(texts, v)
	}
	if q.Kind == rule.Choices {
		return Said{strings.Join(texts, "\n"), lang}
	}
	return Said{r.Words().Join(texts...), lang}
}

// Day prints a date of which day or month may be missing: "2016-10-06", "2016-10",
// "2016".
func Day(r *page.Request, iso string) string {
	switch len(iso) {
	case len("2006-01-02"):
		return r.Words().Date(iso)
	case len("2006-01"):
		return r.Words().Month(iso)
	}
	return iso
}
