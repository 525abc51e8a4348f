package fill

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/forms/xform"
	"waymark/forms/xpath"
)

// guesser makes answers that fit a question's type and, as a rule, its
// constraint. Texts say that they are synthetic.
type guesser struct {
	r      *rand.Rand
	limits map[*xform.Definition]bounds
	// recipes are the patterns that were read.
	recipes map[string]*recipe
	// counts are the questions whose answers are how often a repeat is there.
	counts map[*xform.Definition]bool
	now    func() time.Time
	// dates are the dates given so far: later questions often compare with them.
	dates []time.Time
}

// bounds of a question are read once for all documents.
func (g *guesser) bounds(d *xform.Definition) bounds {
	b, ok := g.limits[d]
	if !ok {
		b = boundsOf(d.Constraint, d.Path)
		if g.counts[d] {
			b.count()
		}
		g.limits[d] = b
	}
	return b
}

// recipe reads a pattern once for all documents.
func (g *guesser) recipe(pattern string) *recipe {
	p, ok := g.recipes[pattern]
	if !ok {
		p = readPattern(pattern)
		g.recipes[pattern] = p
	}
	return p
}

// guess returns an answer; the attempt, from 0, widens what is tried.
func (g *guesser) guess(s *xform.Session, c *xform.Control, n *xpath.Node, attempt int) string {
	b := g.bounds(c.Node)
	switch c.Tag {
	case "select1":
		return g.one(s.Choices(n))
	case "select":
		return g.several(s.Choices(n), b, attempt)
	case "odk:rank":
		return g.ranked(s.Choices(n))
	case "range":
		return g.tick(c)
	case "trigger":
		return "OK"
	case "upload":
		return fmt.Sprintf("synthetic-%s.%s", c.Node.Name, extension(c.Attrs["mediatype"]))
	}
	if len(b.values) > 0 && attempt%2 == 0 {
		return b.values[g.r.IntN(len(b.values))]
	}
	return g.typed(c, b, attempt)
}

func extension(mediatype string) string {
	kind, _, _ := strings.Cut(mediatype, "/")
	switch kind {
	case "image":
		return "jpg"
	case "audio":
		return "m4a"
	case "video":
		return "mp4"
	}
	return "bin"
}

func (g *guesser) typed(c *xform.Control, b bounds, attempt int) string {
	switch c.Node.Type {
	case "int":
		return strconv.FormatInt(int64(math.Round(g.number(b, attempt))), 10)
	case "decimal":
		return strconv.FormatFloat(g.fraction(b, attempt), 'f', -1, 64)
	case "date":
		return g.date(attempt).Format("2006-01-02")
	case "dateTime":
		return g.date(attempt).Format("2006-01-02T15:04:05.000-07:00")
	case "time":
		return g.date(0).Format("15:04:05.000-07:00")
	case "boolean":
		return []string{"true", "false"}[g.r.IntN(2)]
	case "geopoint":
		return g.point()
	case "geotrace", "geoshape":
		points := []string{g.point(), g.point(), g.point()}
		if c.Node.Type == "geoshape" {
			points = append(points, points[0])
		}
		return strings.Join(points, ";")
	case "barcode":
		return strconv.Itoa(1e8 + g.r.IntN(9e8))
	}
	return g.text(c, b, attempt)
}

// number lies within the bounds, or near the one that is given.
func (g *guesser) number(b bounds, attempt int) float64 {
	least, greatest := b.least, b.greatest
	width := 100 * math.Pow(10, float64(attempt/20)) // a free answer gets further afield
	switch {
	case math.IsInf(least, -1) && math.IsInf(greatest, 1):
		least, greatest = 0, width
	case math.IsInf(least, -1):
		least = greatest - width
	case math.IsInf(greatest, 1):
		greatest = least + width
	}
	if greatest < least {
		return least
	}
	// Whole numbers at the ends must be as likely as the others.
	return math.Floor(least + g.r.Float64()*(greatest-least+1))
}

// fraction is a number as number gives it, or one between the bounds: what is
// more than 0 and less than 1 is no whole number.
func (g *guesser) fraction(b bounds, attempt int) float64 {
	if width := b.greatest - b.least + 2; (attempt%2 == 1 || b.greatest < b.least) && width > 0 && !math.IsInf(width, 1) {
		return math.Round((b.least-1+g.r.Float64()*width)*1000) / 1000
	}
	return g.number(b, attempt)
}

// date lies in the past two years, near a date that was given before, or ahead.
func (g *guesser) date(attempt int) time.Time {
	day := 24 * time.Hour
	now := g.now()
	switch {
	case attempt%4 == 1 && len(g.dates) > 0:
		return g.dates[g.r.IntN(len(g.dates))].Add(time.Duration(g.r.IntN(60)) * day)
	case attempt%4 == 2:
		return now.Add(time.Duration(g.r.IntN(365)) * day)
	case attempt%4 == 3 && len(g.dates) > 0:
		return g.dates[g.r.IntN(len(g.dates))].Add(-time.Duration(g.r.IntN(60)) * day)
	case attempt > 8:
		return now.Add(-time.Duration(g.r.IntN(80*365)) * day)
	}
	return now.Add(-time.Duration(g.r.IntN(730)) * day)
}

func (g *guesser) point() string {
	return fmt.Sprintf("%.6f %.6f 0 %d", 30+g.r.Float64()*15, g.r.Float64()*30, 3+g.r.IntN(15))
}

func (g *guesser) text(c *xform.Control, b bounds, attempt int) string {
	if len(b.patterns) > 0 {
		p := g.recipe(b.patterns[attempt%len(b.patterns)])
		for range 20 {
			text, ok := p.text(g.r, min(200, max(most, b.length[0], b.length[1])))
			if !ok {
				break
			}
			if len(text) >= b.length[0] && (b.length[1] < 0 || len(text) <= b.length[1]) {
				return text
			}
		}
	}
	if g.counts[c.Node] || attempt%2 == 1 && !(math.IsInf(b.least, -1) && math.IsInf(b.greatest, 1)) {
		return strconv.FormatInt(int64(g.number(b, attempt)), 10) // a number kept as text
	}
	text := fmt.Sprintf("Synthetic answer %d", g.r.IntN(1000))
	if strings.Contains(c.Appearance, "numbers") {
		text = strconv.Itoa(g.r.IntN(1e9))
	}
	if b.length[0] > len(text) {
		text += strings.Repeat(" x", (b.length[0]-len(text)+1)/2)
	}
	if b.length[1] >= 0 && len(text) > b.length[1] {
		text = text[:b.length[1]]
	}
	return text
}

func (g *guesser) one(choices []xform.Choice) string {
	if len(choices) == 0 {
		return ""
	}
	return choices[g.r.IntN(len(choices))].Value
}

// several takes one to three choices in the order of the list. A choice that
// the constraint names stands alone as a rule.
func (g *guesser) several(choices []xform.Choice, b bounds, attempt int) string {
	if len(choices) == 0 {
		return ""
	}
	k := 1 + g.r.IntN(min(3, len(choices)))
	if b.fewest > 0 {
		k = max(k, b.fewest)
	}
	if b.most >= 0 {
		k = min(k, b.most)
	}
	if attempt > 10 {
		k = 1
	}
	taken := g.r.Perm(len(choices))[:min(k, len(choices))]
	slices.Sort(taken)
	values := make([]string, len(taken))
	for i, t := range taken {
		if values[i] = choices[t].Value; slices.Contains(b.alone, values[i]) {
			return values[i]
		}
	}
	return strings.Join(values, " ")
}

func (g *guesser) ranked(choices []xform.Choice) string {
	values := make([]string, len(choices))
	for i, at := range g.r.Perm(len(choices)) {
		values[i] = choices[at].Value
	}
	return strings.Join(values, " ")
}

// tick is one of the marks of a range: start, start+step, ... up to end.
func (g *guesser) tick(c *xform.Control) string {
	start, err1 := strconv.ParseFloat(c.Attrs["start"], 64)
	end, err2 := strconv.ParseFloat(c.Attrs["end"], 64)
	step, err3 := strconv.ParseFloat(c.Attrs["step"], 64)
	if err1 != nil || err2 != nil || err3 != nil || step == 0 {
		return ""
	}
	steps := int(math.Abs((end-start)/step) + 1e-9)
	step = math.Copysign(step, end-start)
	value := start + float64(g.r.IntN(steps+1))*step
	return strconv.FormatFloat(math.Round(value*1e9)/1e9, 'f', -1, 64)
}
