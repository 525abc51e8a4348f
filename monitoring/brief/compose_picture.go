package brief

import (
	"math"
	"strconv"

	"waymark/internal/lang"
	"waymark/monitoring"
	"waymark/monitoring/brief/figure"
)

// seriesLooks are the colour and mark of the first, second and third route,
// the same in every picture.
var seriesLooks = []struct {
	paint figure.Paint
	mark  figure.Mark
}{{figure.Series1, figure.Disc}, {figure.Series2, figure.Diamond}, {figure.Series3, figure.Square}}

// series names the groups of a picture and gives each its look. A route keeps
// its look by its place among all routes of the instrument's round.
func (c *composer) series(groups []monitoring.Group) []figure.Series {
	out := make([]figure.Series, len(groups))
	for i, g := range groups {
		s := figure.Series{Name: c.group(g), Paint: figure.Neutral, Mark: figure.Ring}
		if code := levelOf(g, c.route); code != "" {
			for k, r := range c.routes {
				if r == code && k < len(seriesLooks) {
					s.Paint, s.Mark = seriesLooks[k].paint, seriesLooks[k].mark
				}
			}
		}
		out[i] = s
	}
	if len(out) == 1 && len(groups[0]) == 0 {
		out[0].Name, out[0].Mark = "", figure.Disc
	}
	return out
}

// point is a finding as a dot with its interval.
func (c *composer) point(f *monitoring.Finding, name string) figure.Estimate {
	nan := math.NaN()
	switch {
	case f == nil:
		return figure.Estimate{Value: nan, Lo: nan, Hi: nan}
	case !shown(f):
		return figure.Estimate{Value: nan, Lo: nan, Hi: nan, NotShown: c.withheld(f)}
	case f.MaskN:
		return figure.Estimate{Value: nan, Lo: nan, Hi: nan, NotShown: c.shareText(f, 0)}
	}
	e := figure.Estimate{Value: f.Estimate, Lo: f.Lo, Hi: f.Hi, Text: c.short(f.Estimate, 0), Base: c.say.Whole(f.Base)}
	e.Tip = c.text("figure.tip", lang.Text("name", name), lang.Text("value", e.Text),
		lang.Text("lo", c.say.Percent(f.Lo, 0)), lang.Text("hi", c.say.Percent(f.Hi, 0)))
	return e
}

// percentAxis counts people, or records, in percent.
func (c *composer) percentAxis() figure.Axis {
	return figure.Axis{Scale: figure.Percent, Title: c.text(c.records("axis.share")), Tick: func(v float64) string { return c.say.Percent(v, tickDecimals(100*v)) }}
}

// ratioAxis counts ratios on a log scale.
func (c *composer) ratioAxis() figure.Axis {
	return figure.Axis{Scale: figure.Ratio, Title: c.text("axis.ratio"), Tick: func(v float64) string { return c.say.Decimal(v, tickDecimals(v)) }}
}

// numberAxis counts anything.
func (c *composer) numberAxis(title string) figure.Axis {
	return figure.Axis{Scale: figure.Number, Title: title, Tick: func(v float64) string { return c.say.Decimal(v, tickDecimals(v)) }}
}

// tickDecimals is how many decimals a tick's number needs, at most 3.
func tickDecimals(v float64) int {
	s := strconv.FormatFloat(math.Round(v*1000)/1000, 'f', -1, 64)
	for i := range s {
		if s[i] == '.' {
			return len(s) - i - 1
		}
	}
	return 0
}

// highest adds to a description which share is the highest.
func (c *composer) highest(description string, findings []*monitoring.Finding) string {
	var best *monitoring.Finding
	for _, f := range findings {
		if plain(f) && (best == nil || f.Estimate > best.Estimate) {
			best = f
		}
	}
	if best == nil {
		return description
	}
	return description + " " + c.text("figure.highest", lang.Text("pct", c.share(best.Estimate)),
		lang.Text("label", c.indicator(best.ID)), lang.Text("group", c.whole(best.Group)))
}

// span adds to a description the lowest and the highest estimate, as print
// writes them.
func (c *composer) span(description string, findings []*monitoring.Finding, print func(*monitoring.Finding) string) string {
	var low, high *monitoring.Finding
	for _, f := range findings {
		if !plain(f) {
			continue
		}
		if low == nil || f.Estimate < low.Estimate {
			low = f
		}
		if high == nil || f.Estimate > high.Estimate {
			high = f
		}
	}
	if low == nil || low == high {
		return description
	}
	return description + " " + c.text("figure.range", lang.Text("low", print(low)), lang.Text("high", print(high)))
}
