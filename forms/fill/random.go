package fill

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"waymark/forms/xform"
	"waymark/forms/xpath"
	"waymark/internal/fault"
)

// RandomOptions say how documents are made at random.
type RandomOptions struct {
	// Seed decides all answers: the same form, options and seed give the same
	// bytes. Default: 0.
	Seed uint64
	// Start is when the first interview begins; the following begin at random
	// within the 30 days before. Required.
	Start time.Time
	// Blank is the share of questions that are not required and stay without an
	// answer, from 0 to 1. Default: 0.
	Blank float64
	// MaxInstances bounds how often a free repeat is filled, inclusive. Default: 3.
	MaxInstances int
	// Files are the form's attachments. Default: none.
	Files map[string]*xform.File
	// Language of labels in messages. Default: the form's.
	Language string
}

const (
	// attempts is how many guesses one question gets.
	attempts = 60
	// turns is how often a document is begun anew with other answers: one answer
	// can leave a later question without any, such as a region without districts.
	turns = 24
)

// Random makes valid documents of a form, one a call. It is used by one
// goroutine; several give each its own and share nothing but the form.
type Random struct {
	form    *xform.Form
	opt     RandomOptions
	limits  map[*xform.Definition]bounds
	counts  map[*xform.Definition]bool
	recipes map[string]*recipe
}

// NewRandom prepares a generator.
func NewRandom(form *xform.Form, opt RandomOptions) *Random {
	if opt.MaxInstances == 0 {
		opt.MaxInstances = 3
	}
	g := &Random{form: form, opt: opt, limits: map[*xform.Definition]bounds{}, counts: map[*xform.Definition]bool{}, recipes: map[string]*recipe{}}
	g.countsIn(form.Body)
	return g
}

// countsIn marks the questions that the counts of repeats read.
func (g *Random) countsIn(controls []*xform.Control) {
	for _, c := range controls {
		if c.Count != "" {
			if expr, err := xpath.Parse(c.Count); err == nil {
				for _, path := range expr.Paths(c.Node.Path) {
					if i := slices.IndexFunc(g.form.Nodes, func(d *xform.Definition) bool { return d.Path == path }); i >= 0 {
						g.counts[g.form.Nodes[i]] = true
					}
				}
			}
		}
		g.countsIn(c.Children)
	}
}

// Document makes the document of a number: all its answers come from the seed
// and the number, so documents may be made in any order. It fails with every
// question for which no valid answer was found.
func (g *Random) Document(number int) (*xform.Session, error) {
	for turn := range turns {
		s, err := g.document(number, turn)
		var none *fault.List
		if err == nil || !errors.As(err, &none) || turn == turns-1 {
			return s, err
		}
	}
	return nil, nil // not reached
}

// document makes a document of a number, with other answers in each turn.
func (g *Random) document(number, turn int) (*xform.Session, error) {
	dice := &dice{
		guesser: guesser{r: rand.New(rand.NewPCG(g.opt.Seed, uint64(number)|uint64(turn)<<32)), limits: g.limits, counts: g.counts, recipes: g.recipes},
		opt:     g.opt,
		planned: map[*xpath.Node]int{},
	}
	dice.clock = g.opt.Start
	if number > 0 {
		dice.clock = g.opt.Start.Add(-time.Duration(dice.r.IntN(30*24*60)) * time.Minute)
	}
	dice.now = func() time.Time { return dice.clock }
	s, err := g.form.NewSession(xform.SessionOptions{
		Now: dice.now, Random: dice.r.Float64, UUID: dice.uuid, Files: g.opt.Files, Language: g.opt.Language,
		Properties: map[string]string{"deviceid": "synthetic"},
	})
	if err != nil {
		return nil, err
	}
	if err := walk(s, dice); err != nil {
		return nil, err
	}
	return s, dice.finish(s)
}

// dice answer at random.
type dice struct {
	guesser
	opt     RandomOptions
	clock   time.Time
	planned map[*xpath.Node]int // instances of a repeat below a parent
}

func (d *dice) uuid() string {
	a, b := d.r.Uint64(), d.r.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", a>>32, a>>16&0xffff, a&0xfff, 0x8000|b>>48&0x3fff, b&0xffffffffffff)
}

// answer guesses until the form's own rules are met. Each question takes the
// interview some seconds.
func (d *dice) answer(s *xform.Session, c *xform.Control, n *xpath.Node) error {
	d.clock = d.clock.Add(time.Duration(3000+d.r.IntN(20000)) * time.Millisecond)
	if n.Value != "" && len(s.Valid(n)) == 0 && d.r.IntN(2) == 0 {
		return nil // a default stays now and then
	}
	required := s.Required(n)
	if !required && (c.Tag == "upload" || d.r.Float64() < d.opt.Blank) {
		return nil
	}
	for attempt := range attempts {
		value := d.guess(s, c, n, attempt)
		if err := s.Set(n, value); err != nil {
			return err
		}
		if len(s.Valid(n)) == 0 {
			d.remember(c, value)
			return nil
		}
	}
	return s.Set(n, "")
}

func (d *dice) remember(c *xform.Control, value string) {
	if c.Node.Type != "date" && c.Node.Type != "dateTime" || len(value) < 10 {
		return
	}
	if t, err := time.ParseInLocation("2006-01-02", value[:10], d.clock.Location()); err == nil {
		d.dates = append(d.dates, t)
	}
}

func (d *dice) more(_ *xform.Session, c *xform.Control, parent *xpath.Node, have int) (bool, error) {
	key := parent
	if _, ok := d.planned[key]; !ok {
		d.planned[key] = d.r.IntN(d.opt.MaxInstances + 1)
	}
	return have < d.planned[key], nil
}
