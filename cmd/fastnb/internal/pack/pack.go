// Package pack puts a Go program, its files and all that it needs to run into a folder that is uploaded to Kaggle as a
// data set, beside the notebook that runs it there: Kaggle's own notebooks run Python and R only, without a network
// where a competition asks for that.
//
// Of a program that is linked with C, as all are that compute with XLA, the dynamic loader and the libraries of this
// machine go with it: it runs there with the same ones.
package pack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/fastnb/fastnb/internal/kaggle"
	"github.com/fastnb/fastnb/internal/verb"
)

// Options say what to pack.
type Options struct {
	Program     string   // folder of a main package, or a program that is built for Linux
	Files       []string // files and folders that it reads, such as its weights
	Args        []string // its arguments
	Out         string   // folder to make; default: Name with -kaggle behind it
	User        string   // of Kaggle; default: that of the credentials
	Name        string   // of the data set, as in addresses; default: that of the program
	Competition string   // whose data the notebook gets; "" for none
}

// Pack is what was packed.
type Pack struct {
	Dataset, Notebook string // folders
	Names             []string
	Bytes             int64
}

// Make packs. Dataset is made without folders in it: Kaggle's own program leaves those out.
func Make(ctx context.Context, o Options, log io.Writer) (p Pack, err error) {
	defer verb.Name(&err, "kaggle pack")
	if err := o.complete(); err != nil {
		return p, err
	}
	files, err := o.files()
	if err != nil {
		return p, err
	}
	p = Pack{Dataset: filepath.Join(o.Out, "dataset"), Notebook: filepath.Join(o.Out, "notebook")}
	if err := o.fill(ctx, &p, files, log); err != nil {
		return p, errors.Join(err, os.RemoveAll(o.Out))
	}
	return p, nil
}

var slug = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,48}[a-z0-9]$`)

// complete sets the defaults, and tells what can be told before any work.
func (o *Options) complete() (err error) {
	if _, err := os.Stat(o.Program); err != nil {
		return fmt.Errorf("%w (want the folder of a main package, or a built program)", err)
	}
	if o.Name == "" {
		if o.Name, err = nameOf(o.Program); err != nil {
			return err
		}
	}
	if !slug.MatchString(o.Name) {
		return fmt.Errorf("the name %q (want 3 to 50 of a-z, 0-9 and -, as the data set is to be called in addresses; "+
			"-name sets it)", o.Name)
	}
	if o.User == "" {
		if c, err := kaggle.Find(); err == nil {
			o.User = c.User
		}
	}
	if !regexp.MustCompile(`^[A-Za-z0-9-]+$`).MatchString(o.User) {
		return fmt.Errorf("the user %q (want your name in Kaggle's addresses; -user sets it)", o.User)
	}
	if o.Competition != "" {
		if o.Competition, err = kaggle.Slug(o.Competition); err != nil {
			return err
		}
	}
	if o.Out == "" {
		o.Out = o.Name + "-kaggle"
	}
	if _, err := os.Lstat(o.Out); err == nil {
		return fmt.Errorf("%s is there already: remove it, or choose another folder by -o", o.Out)
	}
	return nil
}

// nameOf is what a data set of a program is called.
func nameOf(program string) (string, error) {
	path, err := filepath.Abs(program)
	base := strings.ToLower(filepath.Base(path))
	return strings.Trim(regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(base, "-"), "-"), err
}

// file is a file that the program reads: where it is here, where the program looks for it, below the folder that it
// runs in, and what it is called in the data set.
type file struct{ from, path, name string }

// files lists the files, those of folders too. A file of the current folder is found there by the same path; another
// one by its name.
func (o *Options) files() (all []file, err error) {
	for _, root := range o.Files {
		base := filepath.Clean(root)
		err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			f := file{from: path, path: filepath.Clean(path)}
			if !filepath.IsLocal(f.path) {
				rest, err := filepath.Rel(filepath.Dir(base), path)
				if f.path = rest; err != nil {
					return err
				}
			}
			all = append(all, f)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return all, name(all)
}

// name gives each file a name of its own in the data set.
func name(files []file) error {
	taken := map[string]bool{}
	for i := range files {
		f := &files[i]
		f.path = filepath.ToSlash(f.path)
		if slices.ContainsFunc(files[:i], func(g file) bool { return g.path == f.path }) {
			return fmt.Errorf("%s would be in the place of another %s: give paths below the current folder", f.from, f.path)
		}
		f.name = filepath.Base(f.from)
		for n := 2; taken[f.name] || slices.Contains(ours, f.name); n++ {
			f.name = fmt.Sprintf("%d-%s", n, filepath.Base(f.from))
		}
		taken[f.name] = true
	}
	return nil
}

// fill makes both folders.
func (o *Options) fill(ctx context.Context, p *Pack, files []file, log io.Writer) error {
	for _, dir := range []string{p.Dataset, p.Notebook} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	m := manifest{Program: program, Args: append([]string{}, o.Args...), Files: map[string]string{}}
	if err := o.build(ctx, filepath.Join(p.Dataset, program), log); err != nil {
		return err
	}
	if err := m.addRuntime(p.Dataset); err != nil {
		return err
	}
	for _, f := range files {
		if m.has(f.name) {
			f.name = "file-" + f.name
		}
		if err := copyFile(f.from, filepath.Join(p.Dataset, f.name), 0o644); err != nil {
			return err
		}
		m.Files[f.name] = f.path
	}
	if err := m.write(p.Dataset, *o); err != nil {
		return err
	}
	if err := writeNotebook(p.Notebook, *o); err != nil {
		return err
	}
	return p.measure()
}

// build makes the program at path: of a package, or as a copy.
func (o *Options) build(ctx context.Context, path string, log io.Writer) error {
	info, err := os.Stat(o.Program)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return copyFile(o.Program, path, 0o755)
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	fmt.Fprintln(log, "building", o.Program)
	cmd := exec.CommandContext(ctx, "go", "build", "-o", abs, ".")
	cmd.Dir, cmd.Stdout, cmd.Stderr = o.Program, log, log
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64")
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("building %s: %w", o.Program, err)
	}
	return nil
}

// measure lists what was packed.
func (p *Pack) measure() error {
	entries, err := os.ReadDir(p.Dataset)
	if err != nil {
		return err
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			return err
		}
		p.Names, p.Bytes = append(p.Names, e.Name()), p.Bytes+info.Size()
	}
	return nil
}

func copyFile(from, to string, perm fs.FileMode) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, perm)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
