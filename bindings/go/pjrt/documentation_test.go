package pjrt_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"strings"
	"testing"
)

// exported gives the exported names that a declaration makes, and those of them that no comment tells of. A comment over a group of
// constants or variables tells of all of them.
func exported(declaration ast.Decl) (names, silent []string) {
	note := func(name string, comments ...*ast.CommentGroup) {
		names = append(names, name)
		for _, comment := range comments {
			if comment.Text() != "" {
				return
			}
		}
		silent = append(silent, name)
	}
	switch d := declaration.(type) {
	case *ast.FuncDecl:
		receiver := ""
		if d.Recv != nil {
			ast.Inspect(d.Recv, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok && ast.IsExported(id.Name) {
					receiver = id.Name + "."
				}
				return true
			})
		}
		if ast.IsExported(d.Name.Name) && (d.Recv == nil || receiver != "") {
			note(receiver+d.Name.Name, d.Doc)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() {
					note(s.Name.Name, d.Doc, s.Doc)
				}
			case *ast.ValueSpec:
				for _, id := range s.Names {
					if id.IsExported() {
						note(id.Name, d.Doc, s.Doc, s.Comment)
					}
				}
			}
		}
	}
	return names, silent
}

func TestEveryExportedNameIsDocumented(t *testing.T) {
	packages, err := parser.ParseDir(token.NewFileSet(), ".", func(f fs.FileInfo) bool {
		return !strings.HasSuffix(f.Name(), "_test.go")
	}, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, file := range packages["pjrt"].Files {
		for _, declaration := range file.Decls {
			names, silent := exported(declaration)
			count += len(names)
			for _, name := range silent {
				t.Errorf("%s has no comment", name)
			}
		}
	}
	t.Logf("%d exported names", count)
	if count < 300 {
		t.Errorf("%d exported names: the package has more", count)
	}
}
