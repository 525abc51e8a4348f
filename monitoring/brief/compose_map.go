package brief

import (
	"waymark/internal/lang"
	"waymark/monitoring"
	"waymark/monitoring/brief/figure"
)

// placeMap is a circle for each country, in proportion to the answers that
// name it. A country of which every count is masked gets a ring of no size.
// It returns nil where nothing may be shown.
func (c *composer) placeMap(id string, findings []*monitoring.Finding, table *Table) *Figure {
	codes, total, sample := c.levelTotals(findings)
	title := c.text("place.map")
	spec := figure.MapSpec{Frame: c.frame(title, c.text("place.map.description")),
		Outside: c.text("place.map.outside"), Also: c.text("place.map.also"), Disclaimer: c.text("disclaimer.boundaries")}
	drawn, most := 0, ""
	for _, code := range codes {
		at := byLevel(findings, code)
		if !someone(at) {
			continue
		}
		p := figure.Place{ISO3: code, Name: c.country(sample[code])}
		if n := total[code]; n > 0 {
			drawn++
			if most == "" || n > total[most] {
				most = code
			}
			p.Value, p.Text = float64(n), c.say.Whole(n)
			if partial(at) {
				p.Text = c.text("number.more", lang.Text("n", p.Text))
			}
		} else {
			p.NotShown = c.text("number.fewer", lang.Text("n", c.say.Whole(c.mask)))
		}
		spec.Places = append(spec.Places, p)
	}
	if drawn == 0 {
		return nil
	}
	spec.Description += " " + c.text("figure.most", lang.Text("country", c.country(sample[most])), lang.Text("n", c.say.Whole(total[most])))
	return &Figure{ID: hxlFile(id) + "-map", Title: title, Description: spec.Description, Drawing: figure.Map(spec), Data: table}
}
