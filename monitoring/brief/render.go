package brief

import (
	"path"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"waymark/internal/fault"
)

// RenderOptions says what a set of files holds besides the briefs.
type RenderOptions struct {
	// Now is the time that the DOCX files give as their making. Required; the
	// same time gives the same bytes.
	Now time.Time
	// Receipts are the entries of the receipts page, in the language of the
	// first document. Optional: without them no page is written.
	Receipts []ReceiptEntry
	// SharedReceipt is what holds for all numbers. Optional.
	SharedReceipt [][2]string
}

// Render makes the whole set of files for a brief in one or more languages, by
// relative path with slashes; the first language is the main one:
//
//	brief.html  brief.docx  tables.xlsx       in the first language
//	brief.fr.html  brief.fr.docx  tables.fr.xlsx
//	figures/ID.svg  figures/ID.png  figures/ID.fr.svg ...
//	tables/ID.csv                             in the first language
//	receipts.html                             if there are receipts
//
// The formats are made side by side; the result does not depend on how.
func Render(docs []*Document, opt RenderOptions) (map[string][]byte, error) {
	if len(docs) == 0 {
		return nil, fault.New(fault.Internal, fault.Place{}, "there is no brief to render", "")
	}
	set := &fileSet{files: map[string][]byte{}}
	var g errgroup.Group
	g.SetLimit(4) // two cores, and the pictures of a document come before its pages
	for i, doc := range docs {
		suffix := ""
		if i > 0 {
			suffix = "." + doc.Lang
		}
		if !fileSafe("x" + suffix) {
			return nil, fault.New(fault.Internal, fault.Place{Field: doc.Lang}, "a brief's language is not safe in the name of a file", "")
		}
		g.Go(func() error { return renderOne(set, doc, suffix, languages(docs, doc), opt) })
	}
	if len(opt.Receipts) > 0 {
		g.Go(func() error {
			name := docs[0].Receipts
			if name == "" {
				name = "receipts.html"
			}
			page, err := ReceiptsHTML(ReceiptsPage{Brief: docs[0], Back: "brief.html", Shared: opt.SharedReceipt, Entries: opt.Receipts})
			return set.put(name, page, err)
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return set.files, nil
}

func renderOne(set *fileSet, doc *Document, suffix string, others []sibling, opt RenderOptions) error {
	o := orderOf(doc)
	var g errgroup.Group
	g.Go(func() error {
		book, err := workbook(doc, o)
		return set.put("tables"+suffix+".xlsx", book, err)
	})
	if suffix == "" {
		g.Go(func() error {
			tables, err := csvFiles(doc, o)
			for name, data := range tables {
				_ = set.put(path.Join("tables", name), data, nil)
			}
			return err
		})
	}
	pics := drawPictures(doc, true)
	g.Go(func() error {
		page, err := htmlPage(doc, o, pics, others)
		return set.put("brief"+suffix+".html", page, err)
	})
	g.Go(func() error {
		word, err := docx(doc, o, pics, opt.Now)
		return set.put("brief"+suffix+".docx", word, err)
	})
	for f, p := range pics {
		if !fileSafe(f.ID) {
			return fault.New(fault.Internal, fault.Place{Field: f.ID}, "a figure's id is not safe as the name of a file", "")
		}
		_ = set.put("figures/"+f.ID+suffix+".svg", p.alone, nil)
		_ = set.put("figures/"+f.ID+suffix+".png", p.png, nil)
	}
	return g.Wait()
}

// languages lists all the briefs for the page of one of them; its own has no
// address. A brief in a single language has no list.
func languages(docs []*Document, own *Document) []sibling {
	if len(docs) < 2 {
		return nil
	}
	list := make([]sibling, len(docs))
	for i, d := range docs {
		s := sibling{Lang: d.Lang, Name: d.Words["language_name"], URL: "brief." + d.Lang + ".html", RTL: d.RTL}
		if s.Name == "" {
			s.Name = strings.ToUpper(d.Lang)
		}
		if i == 0 {
			s.URL = "brief.html"
		}
		if d == own {
			s.URL = ""
		}
		list[i] = s
	}
	return list
}

// fileSet gathers files from several goroutines.
type fileSet struct {
	mu    sync.Mutex
	files map[string][]byte
}

// put adds a file unless making it failed, and passes the error on.
func (s *fileSet) put(name string, data []byte, err error) error {
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files[name] = data
	return nil
}
