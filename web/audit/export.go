package audit

import (
	"bytes"
	"io"
	"strconv"
	"time"

	"waymark/trust/audit"
	"waymark/web/page"
)

// export sends the log, or that of a programme, as one file for waymark audit verify.
// What goes wrong on the way cuts the file, which then does not verify.
func (a *area) export(r *page.Request) error {
	late := &lateWriter{begin: func() io.Writer {
		return r.Download("audit-"+r.House.Now().UTC().Format("20060102-1504")+".jsonl", "application/x-ndjson", -1)
	}}
	if err := a.log.Export(r.Context(), r.By, r.Resource.Programme, late); err != nil {
		return err
	}
	return late.flush()
}

// lateWriter holds the first bytes back, so that a fault at the start is a page and
// not half a file.
type lateWriter struct {
	begin func() io.Writer
	to    io.Writer // nil until it has begun
	held  bytes.Buffer
}

const holdBack = 64 << 10

func (w *lateWriter) Write(b []byte) (int, error) {
	if w.to != nil {
		return w.to.Write(b)
	}
	n, _ := w.held.Write(b) // a buffer takes everything
	if w.held.Len() < holdBack {
		return n, nil
	}
	return n, w.flush()
}

func (w *lateWriter) flush() error {
	if w.to != nil {
		return nil
	}
	w.to = w.begin()
	_, err := w.held.WriteTo(w.to)
	return err
}

// mostCheckpoints is how many of the newest are listed.
const mostCheckpoints = 60

// checkpointsView is what the page of checkpoints shows.
type checkpointsView struct {
	Table page.Table
	Key   string
}

// checkpoints lists the signed checkpoints, newest first.
func (a *area) checkpoints(r *page.Request) error {
	kept, err := a.log.Checkpoints(r.Context(), mostCheckpoints)
	if err != nil {
		return err
	}
	v := checkpointsView{Key: a.log.Key(), Table: page.Table{Caption: r.Text("audit.checkpoints.kept"),
		Head:  []page.Head{{Text: r.Text("audit.head.time")}, {Text: r.Text("audit.head.entries"), Number: true}, {Text: r.Text("audit.head.file")}},
		Empty: page.Empty{Title: r.Text("audit.checkpoints.none"), Text: r.Text("audit.checkpoints.none.text")}}}
	for _, k := range kept {
		v.Table.Rows = append(v.Table.Rows, page.Row{Cells: []page.Cell{r.Moment(k.At), {Text: r.Words().Whole(int(k.Size))},
			{Links: []page.Link{{Text: r.Text("audit.download"), Hidden: r.Words().Moment(k.At), Href: "/audit/checkpoints/" + strconv.FormatInt(k.Size, 10)}}}}})
	}
	r.Crumb(r.Text("audit.title"), "/audit")
	return r.Render(200, "audit/checkpoints", v)
}

// sign signs the log as it is now.
func (a *area) sign(r *page.Request) error {
	if _, err := a.log.SignCheckpoint(r.Context()); err != nil {
		return err
	}
	r.Flash("audit.signed")
	return r.Redirect("/audit/checkpoints")
}

// checkpoint sends one of those that are listed, by the size of the log that it signs.
func (a *area) checkpoint(r *page.Request) error {
	size, err := strconv.ParseInt(r.PathValue("size"), 10, 64)
	if err != nil {
		return page.NotFound()
	}
	kept, err := a.log.Checkpoints(r.Context(), mostCheckpoints)
	if err != nil {
		return err
	}
	for _, k := range kept {
		if k.Size == size {
			return send(r, nameOf(k), k.Signed)
		}
	}
	return page.NotFound()
}

func nameOf(k audit.Kept) string {
	return "checkpoint-" + k.At.UTC().Format("20060102-150405") + "-" + strconv.FormatInt(k.Size, 10) + ".note"
}

// key sends the line that verifies checkpoints.
func (a *area) key(r *page.Request) error {
	return send(r, "audit-"+r.House.Now().UTC().Format(time.DateOnly)+".key", []byte(a.log.Key()+"\n"))
}

func send(r *page.Request, name string, content []byte) error {
	_, err := r.Download(name, "text/plain; charset=utf-8", int64(len(content))).Write(content)
	return err
}
