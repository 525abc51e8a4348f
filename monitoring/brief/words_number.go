package brief

import (
	"math"
	"strconv"

	"waymark/internal/lang"
	"waymark/monitoring"
)

// decimalBase is the smallest base on which a percentage is printed with one
// decimal in tables: from here on, a tenth of a percent is a person or more.
const decimalBase = 1000

// share prints a share in a sentence: whole, and never "0%" or "100%" for what
// is only nearly so.
func (c *composer) share(x float64) string {
	switch {
	case x > 0 && x < 0.005:
		return c.text("number.under_one", lang.Text("pct", c.say.Percent(0.01, 0)))
	case x < 1 && x > 0.995:
		return c.text("number.over_99", lang.Text("pct", c.say.Percent(0.99, 0)))
	default:
		return c.say.Percent(x, 0)
	}
}

// pct fills {name} with a finding's share, linked to its receipt.
func (c *composer) pct(name string, f *monitoring.Finding) lang.Arg {
	if !plain(f) {
		return lang.Text(name, c.shareText(f, 0)).Marked(f.Key)
	}
	return lang.Text(name, c.share(f.Estimate)).Marked(f.Key)
}

// bounds fills {lo} and {hi} with the ends of a share's interval, whole.
func (c *composer) bounds(f *monitoring.Finding) (lo, hi lang.Arg) {
	return lang.Text("lo", c.say.Percent(f.Lo, 0)).Marked(f.Key), lang.Text("hi", c.say.Percent(f.Hi, 0)).Marked(f.Key)
}

// shown says whether a finding's number may be printed at all.
func shown(f *monitoring.Finding) bool {
	return f != nil && f.NotShown == "" && !math.IsNaN(f.Estimate)
}

// plain says whether a finding's number may be printed as it is: shown, and
// not behind a masked count.
func plain(f *monitoring.Finding) bool { return shown(f) && !f.MaskN }

// shareText prints a finding's share. Where the count behind it is masked, it
// is given as a bound: an exact share of a known base would tell the count.
func (c *composer) shareText(f *monitoring.Finding, decimals int) string {
	switch {
	case !shown(f):
		return c.withheld(f)
	case f.MaskN:
		return c.text("number.under", lang.Text("pct", c.say.Percent(c.maskBound(f), 0)))
	}
	return c.short(f.Estimate, decimals)
}

// short prints a share in a table or picture. All and none have no decimal. A
// share under 1% or over 99% gets one in any case: a count that is not masked
// then stands on a base that carries it.
func (c *composer) short(x float64, decimals int) string {
	switch {
	case x == 0 || x == 1:
		decimals = 0
	case x < 0.0005:
		return c.text("number.under_one", lang.Text("pct", c.say.Percent(0.001, 1)))
	case x > 0.9995:
		return c.text("number.over_99", lang.Text("pct", c.say.Percent(0.999, 1)))
	case x < 0.0095 || x > 0.9905:
		decimals = max(decimals, 1)
	}
	return c.say.Percent(x, decimals)
}

// maskBound is the share that a masked count stays under, rounded up to a
// whole percent.
func (c *composer) maskBound(f *monitoring.Finding) float64 {
	if f.Base == 0 {
		return 1
	}
	return min(1, math.Ceil(100*float64(c.mask)/float64(f.Base))/100)
}

// withheld is a dash with the reason why there is no number.
func (c *composer) withheld(f *monitoring.Finding) string {
	switch {
	case f == nil:
		return "–"
	case f.NotShown == monitoring.NotShownBase:
		return c.text("not_shown.base", lang.Text("min", c.say.Whole(c.min)))
	case f.NotShown == monitoring.NotShownMask:
		return c.text("not_shown.mask")
	default:
		return c.text("not_shown.estimate")
	}
}

// shareCell is a share as a cell.
func (c *composer) shareCell(f *monitoring.Finding, decimals int) Cell {
	cell := Cell{Text: c.shareText(f, decimals)}
	if plain(f) {
		cell.Value, cell.Percent, cell.Key = f.Estimate, true, f.Key
	} else if f != nil {
		cell.Key = f.Key
	}
	return cell
}

// endCell is one end of a share's interval as a cell.
func (c *composer) endCell(f *monitoring.Finding, end float64, decimals int) Cell {
	if !plain(f) || math.IsNaN(end) {
		return Cell{Text: "–"}
	}
	return Cell{Text: c.say.Percent(end, decimals), Value: end, Percent: true, Key: f.Key}
}

// yesCell is the count of people with the characteristic, masked where small.
func (c *composer) yesCell(f *monitoring.Finding) Cell {
	switch {
	case f == nil:
		return Cell{Text: "–"}
	case f.MaskN:
		return Cell{Text: c.text("number.fewer", lang.Text("n", c.say.Whole(c.mask))), Key: f.Key}
	case !shown(f):
		return Cell{Text: c.withheld(f), Key: f.Key}
	}
	return c.count(f.N, f.Key)
}

// baseCell is the count of people who answered. A base under the mask is
// masked too.
func (c *composer) baseCell(f *monitoring.Finding) Cell {
	if f == nil {
		return Cell{Text: "–"}
	}
	return c.maskedCount(f.Base, f.Key)
}

// maskedCount is a count as a cell, hidden if it is small and not 0.
func (c *composer) maskedCount(n int, key string) Cell {
	if n > 0 && n < c.mask {
		return Cell{Text: c.text("number.fewer", lang.Text("n", c.say.Whole(c.mask))), Key: key}
	}
	return c.count(n, key)
}

// count is a whole number as a cell.
func (c *composer) count(n int, key string) Cell {
	return Cell{Text: c.say.Whole(n), Value: n, Key: key}
}

// number is any number as a cell, with this many decimals.
func (c *composer) number(x float64, decimals int, key string) Cell {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return Cell{Text: "–", Key: key}
	}
	return Cell{Text: c.say.Decimal(x, decimals), Value: x, Key: key}
}

// shareDecimals says with how many decimals a table prints its percentages: one if
// every base in it carries that, else none.
func shareDecimals(findings []*monitoring.Finding) int {
	any := false
	for _, f := range findings {
		if !plain(f) {
			continue
		}
		if f.Base < decimalBase {
			return 0
		}
		any = true
	}
	if !any {
		return 0
	}
	return 1
}

// significant is how many decimals a number is printed with: as many as show
// the first digit of its standard error (0.08 still counts as 0.1), or without
// one about three digits in all.
func significant(x, se float64) int {
	size := math.Abs(x) / 100
	if se > 0 && !math.IsInf(se, 0) {
		size = se
	}
	if size <= 0 || math.IsNaN(size) {
		return 0
	}
	return int(max(0, min(6, math.Ceil(-math.Log10(size)-0.1))))
}

// probability prints a p-value: two digits, and a bound below 0.001.
func (c *composer) probability(p float64) string {
	switch {
	case math.IsNaN(p):
		return "–"
	case p < 0.001:
		return "< " + c.say.Decimal(0.001, 3)
	case p < 0.1:
		return c.say.Decimal(p, 3)
	default:
		return c.say.Decimal(p, 2)
	}
}

// confidence prints the confidence of the intervals: "95%".
func (c *composer) confidence() string {
	pct := 100 * c.level95
	digits := strconv.FormatFloat(pct, 'f', -1, 64)
	decimals := 0
	for i := range digits {
		if digits[i] == '.' {
			decimals = len(digits) - i - 1
		}
	}
	return c.say.Percent(c.level95, min(decimals, 2))
}
