package condition

import (
	"strconv"
	"strings"

	"waymark/stats/table"
)

// R writes the condition as an expression of R over the table's columns, for an
// analyst who wants to check it there. The table's kinds decide what is quoted.
func (c *Condition) R(t *table.Table) string { return c.root.r(t) }

func (n *node) r(t *table.Table) string {
	switch n.kind {
	case and, or:
		sign := " & "
		if n.kind == or {
			sign = " | "
		}
		parts := make([]string, len(n.parts))
		for i, p := range n.parts {
			parts[i] = p.r(t)
			if p.kind == and || p.kind == or {
				parts[i] = "(" + parts[i] + ")"
			}
		}
		return strings.Join(parts, sign)
	case not:
		return "!(" + n.parts[0].r(t) + ")"
	}
	name := RName(n.column)
	quote := func(v value) string {
		switch col := t.Column(n.column); {
		case col != nil && col.Kind() == table.Number:
			return v.text
		case col != nil && col.Kind() == table.Bool:
			return strings.ToUpper(v.text)
		}
		return strconv.Quote(v.text)
	}
	switch n.kind {
	case missing:
		return "is.na(" + name + ")"
	case truth:
		return name
	case among:
		values := make([]string, len(n.values))
		for i, v := range n.values {
			values[i] = quote(v)
		}
		return name + " %in% c(" + strings.Join(values, ", ") + ")"
	}
	return name + " " + n.operator + " " + quote(n.values[0])
}

// RName writes a column's name as R takes it: in backticks if it must be.
func RName(name string) string {
	plain := name != "" && !strings.ContainsAny(name[:1], "0123456789_")
	for _, r := range name {
		plain = plain && (r == '.' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z')
	}
	if plain {
		return name
	}
	return "`" + strings.ReplaceAll(name, "`", "\\`") + "`"
}
