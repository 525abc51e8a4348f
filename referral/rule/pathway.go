package rule

import "waymark/internal/fault"

// Pathway is the rules of one country or authority. It is read only once
// loaded and may be used by many at once.
type Pathway struct {
	ID           string
	Title        Text
	Country      string // ISO 3166
	Illustrative bool   // an example: not to be used for a real person
	// Version is the declared version, "+", and the first 12 hexadecimal digits
	// of the SHA-256 of Bundle.
	Version   string
	Languages []string
	Nations   []*Nation
	Emergency Emergency
	Sources   []*Source

	Concern       *Form
	Referral      *Form
	Themes        []*Theme
	Indicators    []*Indicator
	AdviceRules   []*AdviceRule
	Organisations []*Organisation
	Outcomes      []*Outcome
	Events        []*Event
	Clocks        []*Clock
	Retention     []*Retention
	Holidays      []*Holidays

	bundle []byte
}

// Nation is a part of the country with rules of its own.
type Nation struct {
	ID    string      `rule:"id,required"`
	Title Text        `rule:"title,required"`
	Zone  string      `rule:"zone,required"` // of the IANA database
	At    fault.Place `json:"-"`
}

// Emergency is whom to call when someone is in danger now.
type Emergency struct {
	Number string `rule:"number,required"`
	Text   Text   `rule:"text,required"`
}

// Source is an authority that rules cite, with its document.
type Source struct {
	ID     string      `rule:"id,required"`
	Title  Text        `rule:"title,required"`
	URL    string      `rule:"url"`
	Edited string      `rule:"edited"` // the edition that the rules were written from
	At     fault.Place `json:"-"`
}

// Bundle returns the pathway's files as one canonical text archive (txtar,
// sorted by name), which Parse reads. It is stored with a case so that the
// rules that applied can be read later.
func (p *Pathway) Bundle() []byte { return append([]byte(nil), p.bundle...) }

// Nation returns a nation by id, or nil.
func (p *Pathway) Nation(id string) *Nation {
	for _, n := range p.Nations {
		if n.ID == id {
			return n
		}
	}
	return nil
}

// Source returns a source by id, or nil.
func (p *Pathway) Source(id string) *Source {
	for _, s := range p.Sources {
		if s.ID == id {
			return s
		}
	}
	return nil
}

// Unverified lists every rule without a verified date, in the pathway's order.
func (p *Pathway) Unverified() []*Rule {
	var list []*Rule
	for _, r := range p.Rules() {
		if r.Verified.IsZero() {
			list = append(list, r)
		}
	}
	return list
}

// Rules lists every rule of the pathway: indicators, advice, organisations,
// outcomes with their steps, clocks, retention, holidays.
func (p *Pathway) Rules() []*Rule {
	var list []*Rule
	for _, r := range p.Indicators {
		list = append(list, r.base())
	}
	for _, r := range p.AdviceRules {
		list = append(list, r.base())
	}
	for _, r := range p.Organisations {
		list = append(list, r.base())
	}
	for _, r := range p.Outcomes {
		list = append(list, r.base())
		for _, s := range r.Then {
			list = append(list, s.base())
		}
	}
	for _, r := range p.Clocks {
		list = append(list, r.base())
	}
	for _, r := range p.Retention {
		list = append(list, r.base())
	}
	for _, r := range p.Holidays {
		list = append(list, r.base())
	}
	return list
}
