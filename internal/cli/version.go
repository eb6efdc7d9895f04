package cli

import (
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"segue/internal/sampler"
)

// Version is what segue version prints; the CHANGELOG has the same number on top.
const Version = "0.1.0"

func versionCommand(g *global) *cobra.Command {
	var notice bool
	c := &cobra.Command{
		Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if notice {
				return g.printf("%s", sampler.Notice())
			}
			return g.printf("segue %s%s %s %s/%s\n", Version, revision(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
		},
	}
	c.Flags().BoolVar(&notice, "notice", false, "print the licence of the soundfont that is heard in the Segue Sampler")
	return c
}

// revision is the commit that was built, where the build knows it.
func revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return " (" + s.Value[:12] + ")"
		}
	}
	return ""
}
