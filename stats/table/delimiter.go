package table

import "bytes"

// delimiters in the order of preference where the evidence is equal.
var delimiters = []struct {
	byte byte
	name string
}{{',', "commas"}, {';', "semicolons"}, {'\t', "tabs"}, {'|', "vertical bars"}}

func delimiterName(d byte) string {
	for _, c := range delimiters {
		if c.byte == d {
			return c.name
		}
	}
	return string(d)
}

// dialect is how a delimited file is cut.
type dialect struct {
	delim   byte
	newline byte
	skip    int // records before the header: 1 for Excel's "sep=;" line, which says the delimiter
}

// sniffDialect finds the delimiter and the end of line in the decoded
// beginning of a file. The delimiter is the one that gives the header the most
// cells among those under which the most of the first rows have as many cells
// as the header.
func sniffDialect(head []byte) dialect {
	d := dialect{delim: ',', newline: '\n'}
	if !bytes.Contains(head, []byte{'\n'}) && bytes.Contains(head, []byte{'\r'}) {
		d.newline = '\r'
	}
	if line, _, _ := bytes.Cut(head, []byte{d.newline}); len(line) >= 5 && bytes.EqualFold(line[:4], []byte("sep=")) && len(bytes.TrimRight(line[4:], "\r")) == 1 {
		d.delim, d.skip = line[4], 1
		return d
	}
	best := 0.0
	for _, c := range delimiters {
		if score := delimiterScore(head, c.byte, d.newline); score > best {
			best, d.delim = score, c.byte
		}
	}
	return d
}

func delimiterScore(head []byte, delim, newline byte) float64 {
	const rows = 50
	s := newCSVScanner(bytes.NewReader(head), int64(len(head)), delim, newline, false, len(head)+1)
	width, same, seen := 0, 0, 0
	for seen < rows {
		cells, blank, err := s.next()
		if err != nil || (s.eof && s.start == s.end && seen > 1 && len(head) == sniffBytes) {
			break // the last record of a cut-off head is not whole
		}
		if blank {
			continue
		}
		if width == 0 {
			width = len(cells)
		}
		if len(cells) == width {
			same++
		}
		seen++
	}
	if seen == 0 || width < 2 {
		return 0
	}
	agree := float64(same) / float64(seen)
	return agree*agree*100 + float64(min(width, 50))
}
