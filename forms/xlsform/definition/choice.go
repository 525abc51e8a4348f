package definition

import "waymark/forms/xlsform/workbook"

// choiceBuilder makes choices of rows. Its slabs hold what the choices of a
// sheet have in several, so that a list of 100,000 costs few allocations.
type choiceBuilder struct {
	extras slab[Attr]
	media  slab[Medium]
	texts  slab[Translation]
}

// build reads one row: the list that it belongs to, and the choice.
func (b *choiceBuilder) build(c *columns, row *workbook.Row, byDefault string) (list string, choice Choice) {
	extra, files, languages := 0, 0, 0
	for _, cell := range row.Cells {
		if cell.Column >= len(c.by) {
			continue
		}
		switch col := &c.by[cell.Column]; col.target {
		case extraTarget:
			extra++
		case mediaTarget:
			files++
		case labelTarget:
			if col.language != "" {
				languages++
			}
		}
	}
	choice.Row = row.Number
	choice.Extra, choice.Media = b.extras.take(extra), b.media.take(files)
	choice.Label.ByLanguage = b.texts.take(languages)
	for _, cell := range row.Cells {
		if cell.Column >= len(c.by) {
			continue
		}
		col := &c.by[cell.Column]
		if col.target == noTarget {
			continue
		}
		text := plainText(cell.Text, false)
		switch col.target {
		case listTarget:
			list = text
		case nameTarget:
			choice.Name = text
		case labelTarget:
			choice.Label.set(col.language, text, byDefault)
		case mediaTarget:
			choice.Media = setMedium(choice.Media, col.key, col.language, text, byDefault)
		case extraTarget:
			choice.Extra = append(choice.Extra, Attr{col.key, text})
		}
	}
	return list, choice
}

// run counts the rows from the first on that are of the same list.
func (b *choiceBuilder) run(c *columns, rows []workbook.Row) int {
	column := -1
	for i := range c.by {
		if c.by[i].target == listTarget {
			column = i
		}
	}
	n, list := 1, rows[0].Get(column)
	for n < len(rows) && rows[n].Get(column) == list {
		n++
	}
	return n
}

// slab hands out short slices, empty and with room for n, from long ones that
// grow from 32 to 1,024.
type slab[T any] struct {
	rest []T
	size int
}

func (s *slab[T]) take(n int) []T {
	if n == 0 {
		return nil
	}
	if len(s.rest) < n {
		s.size = min(max(2*s.size, 32), 1024)
		s.rest = make([]T, max(n, s.size))
	}
	got := s.rest[:0:n]
	s.rest = s.rest[n:]
	return got
}
