package store

import (
	"waymark/internal/ids"
)

// cell is what submissions are counted by.
type cell struct {
	round        ids.ID
	point, route string
	enumerator   ids.ID
	day          string
	state        int
}

// margin is one property of a round's submissions, counted by itself.
type margin struct {
	round ids.ID
	kind  marginKind
	value string
}

// marginKind says of what a margin is.
type marginKind int

// counts are the changes of totals that a part of a batch makes. They are
// written once for the whole batch.
type counts struct {
	cells   map[cell]int64
	margins map[margin]int64
	matters map[matterCell]int64
}

// matterCell is what concerns and cases are counted by.
type matterCell struct {
	network ids.ID
	kind    string
	agency  ids.ID
	state   string
}

func (c *counts) matter(k matterCell, by int64) {
	if c.matters == nil {
		c.matters = map[matterCell]int64{}
	}
	c.matters[k] += by
}

func (c *counts) cell(k cell, by int64) {
	if c.cells == nil {
		c.cells = map[cell]int64{}
	}
	c.cells[k] += by
}

func (c *counts) margin(k margin, by int64) {
	if c.margins == nil {
		c.margins = map[margin]int64{}
	}
	c.margins[k] += by
}

func (c *counts) empty() bool { return len(c.cells) == 0 && len(c.margins) == 0 && len(c.matters) == 0 }

func (c *counts) merge(o *counts) {
	for k, by := range o.cells {
		c.cell(k, by)
	}
	for k, by := range o.margins {
		c.margin(k, by)
	}
	for k, by := range o.matters {
		c.matter(k, by)
	}
}

// write adds the changes to the totals.
func (c *counts) write(t *Tx) error {
	var rows [][]any
	for k, by := range c.cells {
		if by != 0 {
			rows = append(rows, []any{k.round, k.point, k.route, k.enumerator, k.day, k.state, by})
		}
	}
	if err := insert(t, "INSERT INTO tally (round, point, route, enumerator, day, state, n) VALUES",
		"ON CONFLICT (round, point, route, enumerator, day, state) DO UPDATE SET n = tally.n + excluded.n", rows); err != nil {
		return err
	}
	rows = nil
	for k, by := range c.margins {
		if by != 0 {
			rows = append(rows, []any{k.round, int(k.kind), k.value, by})
		}
	}
	if err := insert(t, "INSERT INTO margin (round, kind, value, n) VALUES",
		"ON CONFLICT (round, kind, value) DO UPDATE SET n = margin.n + excluded.n", rows); err != nil {
		return err
	}
	rows = nil
	for k, by := range c.matters {
		if by != 0 {
			rows = append(rows, []any{k.network, k.kind, k.agency, k.state, by})
		}
	}
	return insert(t, "INSERT INTO matter_tally (network, kind, agency, state, n) VALUES",
		"ON CONFLICT (network, kind, agency, state) DO UPDATE SET n = matter_tally.n + excluded.n", rows)
}
