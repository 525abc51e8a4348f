package xlsform

// Limits on what is written. A short reference in a sheet can stand for a long
// path, and a text for one in every language, so that a small workbook could
// ask for a document without end. All are far above what phones can load.
const (
	maxDepth     = 500       // groups and repeats inside one another
	maxPaths     = 64 << 20  // bytes of all paths together
	maxLanguages = 500       // of a form
	maxDocument  = 256 << 20 // bytes of an XForm
)

// overflow stops the writing of a document that is too large. It goes no
// further than write.
type overflow struct{}

// write writes the form, or notes why it cannot be written.
func (c *compiler) write() {
	defer func() {
		if stopped := recover(); stopped != nil {
			if _, ok := stopped.(overflow); !ok {
				panic(stopped)
			}
			c.n = 0
			c.faultf(c.form.Root, "type", "split the form, or shorten names and take groups out of each other",
				"the form would become an XForm of more than %d MB", maxDocument>>20)
		}
	}()
	c.plant(c.form.Root)
	if len(c.nodes) == 0 {
		return
	}
	c.prepare()
	if n := len(c.texts.languages); n > maxLanguages {
		c.faultf(c.form.Root, "label", "leave the languages out that are not used", "the form has %d languages, more than %d", n, maxLanguages)
		return
	}
	if size := c.estimate(); len(c.buf) < size {
		c.buf = make([]byte, size)
	}
	c.document()
	c.declareUsed()
}
