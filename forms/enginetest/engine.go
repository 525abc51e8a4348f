// Package enginetest holds our reading of XForms against ODK's own form engine:
// the same form, the same answers, and then the same relevant nodes, values,
// choices and document. It holds no code of the program.
package enginetest
