package definition

import "slices"

// hintAtColumns warns of headers that mean nothing and look like one that does
// and that the sheet does not have.
func (r *reader) hintAtColumns(c *columns, words *vocabulary) {
	for i := range c.by {
		col := &c.by[i]
		if len(col.path) == 0 || len(col.path[0]) < 4 || words.means(col) {
			continue
		}
		like := nearest(snakeCase(col.path[0]), words.suggest)
		if like == "" {
			continue
		}
		path := words.aliases[like]
		if path == nil {
			path = []string{like}
		}
		if !c.hasPath(path) {
			r.warn(c.place(1, i), "rename it if that is what is meant",
				"the column %q means nothing in XLSForm; there is one named %q", col.header, like)
		}
	}
}

// hasPath tells whether a column with these first parts is there.
func (c *columns) hasPath(path []string) bool {
	return slices.ContainsFunc(c.by, func(col column) bool {
		return len(col.path) >= len(path) && slices.Equal(col.path[:len(path)], path)
	})
}

// means tells whether a header was understood.
func (v *vocabulary) means(col *column) bool {
	first := col.path[0]
	if v.known[first] || extraColumns[first] {
		return true
	}
	for _, to := range v.aliases {
		if to[0] == first {
			return true
		}
	}
	return false
}

// extraColumns mean something, or have meant it to other tools, only as they
// are written here.
var extraColumns = set("disabled", "intent", "flat", "note", "notes", "comment", "comments")
