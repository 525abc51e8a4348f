package xform

import (
	"math"
	"strconv"
	"strings"

	"waymark/forms/xpath"
)

// choices judges what was picked in a select, a rank or a range.
func (j *judge) choices(n *xpath.Node, d *Definition) {
	c := d.Control
	switch c.Tag {
	case "select1":
		if j.listed(c) && !j.session.offered(c, n, n.Value) {
			j.blame(n, NotOffered, j.filter(c), "the answer is not one of the choices that are offered")
		}
	case "select", "odk:rank":
		j.several(n, c)
	case "range":
		j.scale(n, c)
	case "trigger":
		if n.Value != "OK" && n.Value != d.start {
			j.blame(n, NotOffered, "", "the acknowledgement is not OK")
		}
	}
}

// several judges the values of a select or a rank: each offered, none twice.
func (j *judge) several(n *xpath.Node, c *Control) {
	if !j.listed(c) {
		return
	}
	seen := 0
	rest := n.Value
	for {
		value, after, more := strings.Cut(strings.TrimLeft(rest, " "), " ")
		if value != "" {
			seen++
			if !j.session.offered(c, n, value) {
				j.blame(n, NotOffered, j.filter(c), "an answer is not one of the choices that are offered")
				return
			}
			if fieldIn(after, value) {
				j.blame(n, NotOffered, "", "a choice is there twice")
				return
			}
		}
		if !more {
			break
		}
		rest = after
	}
	if c.Tag == "odk:rank" && seen != len(j.session.choices(c, n)) {
		j.blame(n, NotOffered, j.filter(c), "the ranking does not hold every choice")
	}
}

// fieldIn tells whether a value is one of those in a list set apart by spaces.
func fieldIn(list, value string) bool {
	for f := range strings.FieldsSeq(list) {
		if f == value {
			return true
		}
	}
	return false
}

// listed tells whether the form itself says what the choices are: not where a
// search() looks them up on the device, or a file is not there.
func (j *judge) listed(c *Control) bool {
	if strings.Contains(c.Appearance, "search(") || c.Items == nil && c.Itemset == nil {
		return false
	}
	return c.Itemset == nil || !j.session.missing(c.itemset.nodes)
}

func (j *judge) filter(c *Control) string {
	if c.Itemset != nil {
		return c.Itemset.Nodeset
	}
	return ""
}

// scale judges an answer of a range: between its ends, on a step.
func (j *judge) scale(n *xpath.Node, c *Control) {
	value, err := strconv.ParseFloat(strings.TrimSpace(n.Value), 64)
	if err != nil {
		return
	}
	start, err1 := strconv.ParseFloat(c.Attrs["start"], 64)
	end, err2 := strconv.ParseFloat(c.Attrs["end"], 64)
	if err1 != nil || err2 != nil {
		return
	}
	low, high := min(start, end), max(start, end)
	if value < low || value > high {
		j.blame(n, OutOfRange, "", "the answer is outside the range")
		return
	}
	if step, err := strconv.ParseFloat(c.Attrs["step"], 64); err == nil && step != 0 {
		steps := (value - start) / step
		if math.Abs(steps-math.Round(steps)) > 1e-6 {
			j.blame(n, OutOfRange, "", "the answer is between two steps of the range")
		}
	}
}
