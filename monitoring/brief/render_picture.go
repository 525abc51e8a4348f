package brief

import (
	"bytes"
	"fmt"
	"html/template"
	"image"
	_ "image/png" // to read a picture's size

	"sync"

	"waymark/internal/fault"
	"waymark/monitoring/brief/figure"
)

// pictureScale is the PNG's pixels per CSS pixel: 2 is sharp on paper at the
// size of a page (about 190 dots per inch).
const pictureScale = 2

// picture is a figure drawn: as SVG with its title, to stand alone; and without,
// as SVG for a page and PNG for a document, which have a caption. What was not
// asked for is nil.
type picture struct {
	alone, page, png []byte
	width, height    int // of the PNG, in pixels
	err              error
}

type pictures map[*Figure]*picture

// drawPictures draws all figures of a document, two at a time; the PNGs and the
// stand-alone SVGs only if files are wanted.
func drawPictures(doc *Document, files bool) pictures {
	pics := pictures{}
	var todo []*Figure
	for _, s := range doc.Sections {
		for _, b := range s.Blocks {
			if f, ok := b.(*Figure); ok && pics[f] == nil {
				pics[f] = &picture{}
				todo = append(todo, f)
			}
		}
	}
	var wg sync.WaitGroup
	lanes := make(chan struct{}, 2)
	for i, f := range todo {
		p := pics[f]
		wg.Add(1)
		lanes <- struct{}{}
		go func() {
			defer func() { <-lanes; wg.Done() }()
			p.draw(f, i+1, files)
		}()
	}
	wg.Wait()
	return pics
}

// err returns the faults of all pictures that could not be drawn.
func (pics pictures) err() error {
	list := fault.NewList(20)
	for f, p := range pics {
		if p.err != nil {
			list.Add(fault.Wrap(fault.Internal, fault.Place{Field: f.ID}, "the figure could not be drawn", "", p.err))
		}
	}
	return list.Err()
}

// inline returns the picture as SVG inside a page.
func (pics pictures) inline(f *Figure) template.HTML {
	p := pics[f]
	if p == nil {
		return ""
	}
	// The figure package escapes every text that it writes.
	return template.HTML(p.page)
}

func (p *picture) draw(f *Figure, n int, files bool) {
	if f.Drawing == nil {
		p.err = fault.New(fault.Internal, fault.Place{Field: f.ID}, "the figure has no drawing", "")
		return
	}
	p.page = f.Drawing.SVG(figure.SVGOptions{ID: fmt.Sprintf("picture-%d", n), Inline: true})
	if !files {
		return
	}
	p.alone = f.Drawing.WithHeading().SVG(figure.SVGOptions{ID: f.ID})
	if p.png, p.err = f.Drawing.PNG(pictureScale); p.err != nil {
		return
	}
	size, _, err := image.DecodeConfig(bytes.NewReader(p.png))
	p.width, p.height, p.err = size.Width, size.Height, err
}
