package rule

import (
	"bytes"
	"strings"

	"waymark/internal/pattern"
)

// file is a rule file with its name.
type file struct {
	name string
	data []byte
}

// marker begins a file in a bundle. The form is that of txtar archives; only
// names of rule files count, so no line of a rule file is one by accident.
var marker = pattern.Of(`^-- ([A-Za-z0-9._-]{1,80}\.yaml) --$`)

// format writes files as one text.
func format(files []file) []byte {
	var b bytes.Buffer
	for _, f := range files {
		b.WriteString("-- " + f.name + " --\n")
		b.Write(f.data)
	}
	return b.Bytes()
}

// split is the inverse of format. It returns nothing for what format never
// wrote: text before the first file.
func split(bundle []byte) []file {
	var files []file
	for line := range bytes.Lines(bundle) {
		if m := marker().FindSubmatch(bytes.TrimRight(line, "\r\n")); m != nil {
			files = append(files, file{name: strings.Clone(string(m[1]))})
			continue
		}
		if len(files) == 0 {
			return nil
		}
		f := &files[len(files)-1]
		f.data = append(f.data, line...)
	}
	return files
}
