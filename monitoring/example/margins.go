package example

import (
	_ "embed"
	"fmt"
	"time"

	"github.com/goccy/go-yaml"

	"waymark/internal/fault"
)

const marginsFile = "margins.yaml"

//go:embed margins.yaml
var marginsText []byte

// Basis says how a margin came about.
type Basis string

// The bases of a margin.
const (
	Published Basis = "published" // printed in the named source
	Derived   Basis = "derived"   // computed from the named source
	Assumed   Basis = "assumed"   // chosen for the example
)

// Source is where margins come from.
type Source struct {
	ID        string `yaml:"id"`
	Authority string `yaml:"authority"`
	Title     string `yaml:"title"`
	Date      string `yaml:"date"` // ISO date or year-month
}

// Figure is one margin that is a single number: a count, or a share from 0 to 1.
type Figure struct {
	ID     string  `yaml:"id"`
	Route  string  `yaml:"route"` // "" for both routes together
	Value  float64 `yaml:"value"`
	Basis  Basis   `yaml:"basis"`
	Source string  `yaml:"source"`
	Note   string  `yaml:"note"`
}

// span is the share of a route's interviews in one month, or part of one.
type span struct {
	Route  string `yaml:"route"`
	From   string `yaml:"from"` // ISO day, inclusive
	To     string `yaml:"to"`   // ISO day, inclusive
	Weight int    `yaml:"weight"`
	Basis  Basis  `yaml:"basis"`
	Source string `yaml:"source"`
}

// region is a wide area with its made-up points.
type region struct {
	Route     string   `yaml:"route"`
	Points    []string `yaml:"points"`
	Latitude  float64  `yaml:"latitude"`  // degrees
	Longitude float64  `yaml:"longitude"` // degrees
	Minutes   int      `yaml:"minutes"`   // offset from UTC
	Summer    int      `yaml:"summer"`    // offset from UTC from 27 March 2016
	Basis     Basis    `yaml:"basis"`
	Source    string   `yaml:"source"`
}

// draw is one table of relative weights; the narrowing fields are optional.
type draw struct {
	ID          string        `yaml:"id"`
	Route       string        `yaml:"route"`
	Nationality []string      `yaml:"nationality"`
	Sex         string        `yaml:"sex"`
	Abroad      *bool         `yaml:"abroad"`
	Any         *bool         `yaml:"any"`
	Family      *bool         `yaml:"family"`
	Basis       Basis         `yaml:"basis"`
	Source      string        `yaml:"source"`
	Weights     yaml.MapSlice `yaml:"weights"` // in the file's order
}

// margins is the whole of margins.yaml.
type margins struct {
	Sources  []Source `yaml:"sources"`
	Figures  []Figure `yaml:"figures"`
	Spans    []span   `yaml:"spans"`
	Regions  []region `yaml:"regions"`
	Exposure struct {
		Basis   Basis          `yaml:"basis"`
		Source  string         `yaml:"source"`
		Note    string         `yaml:"note"`
		Weights map[string]int `yaml:"weights"`
	} `yaml:"exposure"`
	Draws []draw `yaml:"draws"`
}

func readMargins() (*margins, error) {
	m := new(margins)
	if err := yaml.UnmarshalWithOptions(marginsText, m, yaml.Strict()); err != nil {
		return nil, fault.Wrap(fault.Internal, fault.Place{File: marginsFile}, err.Error(), "", err)
	}
	return m, nil
}

// Figures returns the margins that are single numbers, in the file's order:
// what is published, and what was assumed so that the rest can be drawn.
func Figures() ([]Figure, error) {
	m, err := readMargins()
	if err != nil {
		return nil, err
	}
	return m.Figures, nil
}

// Sources returns the sources of the margins.
func Sources() ([]Source, error) {
	m, err := readMargins()
	if err != nil {
		return nil, err
	}
	return m.Sources, nil
}

// figures looks single numbers up and collects what is not there.
type figures struct {
	list   []Figure
	faults *fault.List
}

// of returns a route's figure; a figure without a route holds for both.
func (f *figures) of(id, route string) float64 {
	for _, g := range f.list {
		if g.ID == id && g.Route == route {
			return g.Value
		}
	}
	if route != "" {
		return f.of(id, "")
	}
	f.faults.Addf(fault.Internal, fault.Place{File: marginsFile}, "", "no figure %q", id)
	return 0
}

// day reads an ISO day as days since 1970-01-01.
func day(iso string) (int, error) {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return 0, fault.Wrap(fault.Internal, fault.Place{File: marginsFile}, fmt.Sprintf("%q is no day", iso), "write it as 2016-10-06", err)
	}
	return int(t.Unix() / 86400), nil
}
