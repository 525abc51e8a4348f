package rule

import (
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // a machine without the database of zones must load a pathway too

	"waymark/internal/fault"
	"waymark/internal/pattern"
)

var (
	idForm      = pattern.Of(`^[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*$`)
	versionForm = pattern.Of(`^[0-9A-Za-z][0-9A-Za-z.-]{0,30}$`)
	httpsForm   = pattern.Of(`^https://[a-z0-9.-]+(?:/[^\s"'<>\\]*)?$`)
)

func (b *builder) faultf(at fault.Place, remedy, format string, args ...any) {
	b.faults.Addf(fault.Invalid, at, remedy, format, args...)
}

// finish links the parts and checks what no single file can.
func (b *builder) finish() {
	p := b.p
	for _, kind := range fileKinds[:6] {
		if !slices.Contains(b.have, kind) {
			b.faultf(fault.Place{File: kind + ".yaml"}, "a pathway needs it", "the file is missing")
		}
	}
	if p.Concern == nil {
		p.Concern = new(Form)
	}
	if p.Referral == nil {
		p.Referral = new(Form)
	}
	b.head()
	b.rules()
	b.link(p.Concern)
	b.link(p.Referral)
	b.indicators()
	b.conditions(p.Concern)
	b.conditions(p.Referral)
	b.marks(p.Concern)
	b.marks(p.Referral)
	b.known()
	b.events()
	b.advice()
	b.organisations()
	b.outcomes()
	b.timing()
	if b.faults.Len() == 0 { // a walk needs sound forms
		b.walked(p.Concern, nil)
		b.walked(p.Referral, p.Outcomes)
	}
}

func (b *builder) id(at fault.Place, id, what string) {
	if id != "" && (len(id) > 60 || !idForm().MatchString(id)) {
		b.faultf(at, "use small letters, digits, hyphens", "the id of a %s is not one", what)
	}
}

// oneOf checks a value against those there are. An empty one is the reader's to
// report, where it is needed.
func (b *builder) oneOf(at fault.Place, what, value string, known []string) {
	if value == "" || slices.Contains(known, value) {
		return
	}
	remedy := "one of: " + strings.Join(known, ", ")
	if near := fault.Nearest(value, known); near != "" {
		remedy = "did you mean " + near + "?"
	}
	if len(remedy) > 300 {
		remedy = ""
	}
	b.faultf(at, remedy, "there is no %s %q", what, clip(value))
}

func (b *builder) head() {
	p, at := b.p, fault.Place{File: "pathway.yaml"}
	b.id(at, p.ID, "pathway")
	if p.Version != "" && !versionForm().MatchString(p.Version) {
		b.faultf(at, "write it like 2026.11", "the version is not one")
	}
	if p.Country != "" && !IsCountry(p.Country) {
		b.faultf(at, "write two capital letters", "there is no such country")
	}
	if len(p.Languages) > 0 && !slices.Contains(p.Languages, "en") {
		b.faultf(at, "", "the languages lack en")
	}
	seen := map[string]bool{}
	twice := func(at fault.Place, kind, id string) {
		if key := kind + " " + id; seen[key] {
			b.faultf(at, "give each its own", "the %s %q is there twice", kind, clip(id))
		} else {
			seen[key] = true
		}
	}
	for _, n := range p.Nations {
		b.id(n.At, n.ID, "nation")
		twice(n.At, "nation", n.ID)
		if _, err := time.LoadLocation(n.Zone); err != nil || n.Zone == "Local" {
			b.faultf(n.At, "write it like Europe/London", "there is no time zone %q", clip(n.Zone))
		}
	}
	for _, s := range p.Sources {
		b.id(s.At, s.ID, "source")
		twice(s.At, "source", s.ID)
		b.url(s.At, s.URL)
	}
	for _, t := range p.Themes {
		b.id(at, t.ID, "theme")
		twice(at, "theme", t.ID)
	}
	for _, e := range p.Events {
		b.id(e.At, e.ID, "event")
		twice(e.At, "event", e.ID)
	}
}

func (b *builder) url(at fault.Place, url string) {
	if url != "" && (len(url) > 300 || !httpsForm().MatchString(url)) {
		b.faultf(at, "write it as https://...", "the address is not one")
	}
}

func (b *builder) cite(at fault.Place, c Cite) {
	if c.Authority != "" && b.p.Source(c.Authority) == nil {
		var known []string
		for _, s := range b.p.Sources {
			known = append(known, s.ID)
		}
		b.oneOf(at, "source", c.Authority, known)
	}
	b.url(at, c.URL)
}

// rules checks what every rule has. Ids are unique among all rules.
func (b *builder) rules() {
	seen := map[string]bool{}
	nations := b.p.nationIDs()
	for _, r := range b.p.Rules() {
		b.id(r.At, r.ID, "rule")
		if r.ID != "" && seen[r.ID] {
			b.faultf(r.At, "give each rule its own", "the id %q is there twice", clip(r.ID))
		}
		seen[r.ID] = true
		b.cite(r.At, r.Cite)
		for _, n := range r.Nations {
			b.oneOf(r.At, "nation", n, nations)
		}
		if !r.Until.IsZero() && !r.From.IsZero() && !r.From.Before(r.Until) {
			b.faultf(r.At, "until is the first day on which it is no longer in force", "the rule ends before it begins")
		}
	}
}

func (p *Pathway) nationIDs() []string {
	var ids []string
	for _, n := range p.Nations {
		ids = append(ids, n.ID)
	}
	return ids
}

// indicators checks themes, and that each indicator is asked about once.
func (b *builder) indicators() {
	var themes []string
	for _, t := range b.p.Themes {
		themes = append(themes, t.ID)
	}
	asked := map[string]int{}
	for _, q := range b.p.Concern.all {
		if q.Indicators == "" {
			continue
		}
		b.oneOf(q.At, "theme", q.Indicators, themes)
		asked[q.Indicators]++
		if asked[q.Indicators] == 2 {
			b.faultf(q.At, "ask once", "the indicators of %s are asked about twice", clip(q.Indicators))
		}
	}
	for _, i := range b.p.Indicators {
		b.oneOf(i.At, "theme", i.Theme, themes)
		if asked[i.Theme] == 0 {
			b.faultf(i.At, "add a question with indicators: "+clip(i.Theme), "no question of the concern asks about this indicator")
		}
	}
}

func (b *builder) advice() {
	p := b.p
	values := map[string][]string{SeenThemes: nil, SeenTags: nil, SeenCount: {"none", "one", "few", "many"}}
	for _, t := range p.Themes {
		values[SeenThemes] = append(values[SeenThemes], t.ID)
	}
	for _, i := range p.Indicators {
		values[SeenTags] = append(values[SeenTags], i.Tags...)
	}
	for _, r := range p.AdviceRules {
		b.oneOf(r.At, "level", string(r.Level), []string{string(Now), string(Today), string(Record)})
		b.condition(r.At, r.When, p.Concern, p.Concern.all, values)
	}
}

func (b *builder) organisations() {
	for _, o := range b.p.Organisations {
		b.id(o.At, o.Kind, "kind of organisation")
		if o.Notify != (o.NotifyCite != nil) {
			b.faultf(o.At, "notify and notifyCite stand together", "the duty to notify needs its own citation")
		}
		if o.NotifyCite != nil {
			b.cite(o.At, *o.NotifyCite)
		}
	}
}
