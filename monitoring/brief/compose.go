package brief

import (
	"cmp"
	"strings"

	"waymark/internal/fault"
	"waymark/internal/lang"
	"waymark/monitoring"
	"waymark/monitoring/brief/figure"
	"waymark/monitoring/instrument"
)

// Keys of counts, beside those of findings. The keys of one exclusion and of
// one route follow after a dot.
const (
	keyReceived = "count.received"
	keyExcluded = "count.excluded."
	keyEligible = "count.eligible"
)

// composer writes one brief in one language. Each section is a method in a
// file of its own; a section without anything to say is left out.
type composer struct {
	a      *monitoring.Analysis
	in     *instrument.Instrument
	code   string
	say    *lang.Printer
	people bool // the survey asked people; else it speaks of records

	route   string   // variable of the routes, "" without
	routes  []string // codes of the routes, in order
	min     int      // minimum base of a percentage
	mask    int      // counts under this are masked
	level95 float64  // confidence of the intervals
	doc     *Document

	divided []*breakdown          // see divide
	orders  map[string]levelOrder // see levelOrder
}

// Compose writes an analysis as a brief in a language. It returns a fault for
// a language that there are no words for.
func Compose(a *monitoring.Analysis, code string) (*Document, error) {
	c, err := newComposer(a, code)
	if err != nil {
		return nil, err
	}
	c.doc.Words = c.rendererWords()
	c.front()
	for _, section := range []func() []Section{
		c.overview, c.indicators, c.breakdowns, c.comparisons, c.trends, c.places, c.measures,
		c.profile, c.weighted, c.method, c.questionnaire, c.definitions, c.disclaimers,
	} {
		for _, s := range section() {
			if len(s.Blocks) > 0 {
				c.doc.Sections = append(c.doc.Sections, s)
			}
		}
	}
	if err := c.say.Err(); err != nil {
		return nil, err
	}
	return c.doc, nil
}

func newComposer(a *monitoring.Analysis, code string) (*composer, error) {
	if a == nil || a.Instrument == nil {
		return nil, fault.New(fault.Internal, fault.Place{}, "a brief needs an analysis with its instrument", "")
	}
	words, err := catalogue(code)
	if err != nil {
		return nil, err
	}
	say, err := lang.NewPrinter(words)
	if err != nil {
		return nil, err
	}
	a = monitoring.Guarded(a)
	c := &composer{a: a, in: a.Instrument, code: code, say: say, min: 30, mask: 10, level95: 0.95, orders: map[string]levelOrder{}}
	if p := a.Plan; p != nil {
		c.min = cmp.Or(p.MinimumBase, c.min)
		c.mask = cmp.Or(p.MaskBelow, c.mask)
		c.level95 = cmp.Or(p.Confidence, c.level95)
	}
	c.route = c.routeVariable()
	if c.route != "" {
		for _, r := range a.Counts.EligibleByRoute {
			if r.Count > 0 {
				c.routes = append(c.routes, r.Code)
			}
		}
	}
	c.people = asksPeople(c.in)
	c.doc = &Document{Lang: code, RTL: say.RTL}
	return c, nil
}

// routeVariable is the group or question that has the role of the route.
func (c *composer) routeVariable() string {
	q := c.in.Roles[instrument.RoleRoute]
	if q == "" {
		return ""
	}
	for i := range c.a.Findings {
		for _, p := range c.a.Findings[i].Group {
			if p.Variable == q {
				return q
			}
			if g := c.in.Group(p.Variable); g != nil && g.From == q {
				return p.Variable
			}
		}
	}
	return q
}

// asksPeople says whether an instrument asks people about themselves.
func asksPeople(in *instrument.Instrument) bool {
	for _, r := range []instrument.Role{instrument.RoleConsent, instrument.RoleAge, instrument.RoleSex, instrument.RoleNationality, instrument.RoleRoute} {
		if in.Roles[r] != "" {
			return true
		}
	}
	for _, i := range in.Indicators {
		if i.Experience != instrument.Measure && i.Experience != "" {
			return true
		}
	}
	return false
}

// flowMonitoring says whether the survey was made at flow monitoring points,
// so that what is true of such surveys may be said of it.
func (c *composer) flowMonitoring() bool {
	return c.in.Roles[instrument.RoleRoute] != "" && c.in.Roles[instrument.RolePoint] != ""
}

// front fills the cover and the lines that every page repeats.
func (c *composer) front() {
	d := c.doc
	d.Title = c.a.Title.In(c.code)
	if d.Title == "" {
		d.Title = cmp.Or(c.in.Title.In(c.code), c.in.ID)
	}
	var sub []string
	if len(c.routes) > 0 {
		names := make([]string, len(c.routes))
		for i, r := range c.routes {
			names[i] = c.level(c.route, r)
		}
		sub = append(sub, c.say.List(names))
	}
	if p := c.period(); p != "" {
		sub = append(sub, p)
	}
	d.Subtitle = strings.Join(sub, " · ")
	if c.a.Synthetic {
		d.Synthetic = c.text("synthetic")
	}
	d.Cover = c.cover()
	d.Footer = c.footer()
}

// period is "1 December 2015 to 30 September 2016", or "" if unknown.
func (c *composer) period() string {
	switch {
	case c.a.First == "" || c.a.Last == "":
		return ""
	case c.a.First == c.a.Last:
		return c.say.Date(c.a.First)
	}
	return c.text("period", lang.Text("first", c.say.Date(c.a.First)), lang.Text("last", c.say.Date(c.a.Last)))
}

// footer names what the brief was made of.
func (c *composer) footer() string {
	var parts []string
	parts = append(parts, c.text("footer.instrument", lang.Text("id", c.in.ID), lang.Text("version", c.in.Version)))
	if c.a.Source.SHA256 != "" {
		short := c.a.Source.SHA256
		parts = append(parts, c.text("footer.file", lang.Text("name", c.a.Source.Name), lang.Text("hash", short[:min(12, len(short))])))
	}
	if c.a.Program != "" {
		parts = append(parts, lang.Isolate(c.a.Program))
	}
	if !c.say.RTL {
		for i := range parts {
			parts[i] = lang.WithoutIsolates(parts[i])
		}
	}
	return strings.Join(parts, " · ")
}

// rendererWords are the words that renderers add, in the brief's language.
func (c *composer) rendererWords() map[string]string {
	words := make(map[string]string)
	for key := range RenderWordKeys() {
		if c.say.Has("render." + key) { // a test holds that all are there
			words[key] = c.text("render." + key)
		}
	}
	return words
}

// frame is what every figure has: title, description, label of synthetic data
// and direction.
func (c *composer) frame(title, description string) figure.Frame {
	f := figure.Frame{Title: title, Description: description, RTL: c.say.RTL}
	if c.a.Synthetic {
		f.Badge = c.text("synthetic.badge")
	}
	return f
}
