package table

import "bytes"

// isHXLRow says whether a row holds HXL hashtags: at least one cell, and at
// least a quarter of the cells that are not empty, is a tag such as #adm1+name.
// Source: HXL 1.1, "Tagging conventions" (the row of hashtags follows the
// header), and the tolerance of HXL's reference reader for stray text.
func isHXLRow(cells [][]byte) bool {
	filled, tags := 0, 0
	for _, c := range cells {
		c = bytes.TrimSpace(c)
		if len(c) == 0 {
			continue
		}
		filled++
		if isHXLTag(c) {
			tags++
		}
	}
	return tags > 0 && 4*tags >= filled
}

// isHXLTag recognises #word followed by any number of +attribute parts; words
// begin with a letter and go on with letters, digits and underscores. Space is
// allowed around the plus signs.
func isHXLTag(c []byte) bool {
	if len(c) < 2 || c[0] != '#' {
		return false
	}
	for i, part := range bytes.Split(c[1:], []byte{'+'}) {
		part = bytes.TrimSpace(part)
		if len(part) == 0 && i > 0 {
			return false
		}
		for j, b := range part {
			letter := b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
			if !letter && (j == 0 || b != '_' && (b < '0' || b > '9')) {
				return false
			}
		}
		if len(part) == 0 {
			return false
		}
	}
	return true
}

// hxlTags returns the row's tags, trimmed, one for each column of the header.
func hxlTags(cells [][]byte, columns int) []string {
	tags := make([]string, columns)
	for i, c := range cells {
		if i < columns {
			tags[i] = string(bytes.TrimSpace(c))
		}
	}
	return tags
}
