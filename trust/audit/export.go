package audit

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"
)

// formatExport names the layout of an export: a line that says so and names the
// log, a line for each entry, and a line with a signed checkpoint. Every line is
// JSON and is one exact text, so that a change of any byte shows.
const formatExport = "waymark-audit-1"

// maxLine bounds a line of an export, in bytes.
const maxLine = maxNote + maxLeaf + 1024

// Exporter writes an export.
type Exporter struct {
	w      *bufio.Writer
	number int64
	err    error
}

// NewExporter begins an export of the log of an origin.
func NewExporter(w io.Writer, origin string) *Exporter {
	e := &Exporter{w: bufio.NewWriter(w)}
	e.write(headLine(origin))
	return e
}

// Entry writes the next entry by the text that Tree.Append gave for it.
func (e *Exporter) Entry(text []byte) error {
	e.write(entryLine(e.number, tlog.RecordHash(text), text))
	e.number++
	return e.err
}

// Withhold writes the next entry by its hash only, for a reader who may not see
// it. The export still shows that nothing was added, removed or moved.
func (e *Exporter) Withhold(hash Hash) error {
	e.write(entryLine(e.number, hash, nil))
	e.number++
	return e.err
}

// Close ends the export with a signed checkpoint of the log as it was kept. It
// is not made from what was exported, so that a damaged log does not pass.
func (e *Exporter) Close(checkpoint []byte) error {
	e.write(endLine(string(checkpoint)))
	if e.err == nil {
		e.err = e.w.Flush()
	}
	return e.err
}

func (e *Exporter) write(line []byte) {
	if e.err == nil {
		_, e.err = e.w.Write(line)
	}
}

type head struct {
	Format string `json:"format"`
	Origin string `json:"origin"`
}

func headLine(origin string) []byte { return jsonLine(head{formatExport, origin}) }

type end struct {
	Checkpoint string `json:"checkpoint"`
}

func endLine(checkpoint string) []byte { return jsonLine(end{checkpoint}) }

func entryLine(number int64, hash Hash, text []byte) []byte {
	b := make([]byte, 0, len(text)+96)
	b = append(b, `{"number":`...)
	b = strconv.AppendInt(b, number, 10)
	b = append(b, `,"hash":"`...)
	b = append(b, hash.String()...)
	if text == nil {
		return append(b, "\"}\n"...)
	}
	b = append(b, `","entry":`...)
	b = append(b, text...)
	return append(b, "}\n"...)
}

func jsonLine(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.Encode(v) // strings only: it cannot fail
	return b.Bytes()
}
