# Packages of other Debian suites, unpacked beside the machine's own, which stay as they are. Wants a function "die".

# The Debian mirror this machine is set up with.
find_mirror() {
  mirror=$(apt-get indextargets --format '$(REPO_URI)' | grep -E '/debian/?$' | sort -u | head -1) ||
    die 'no Debian mirror in the configuration of apt'
}

# A mirror of a suite in the making may lag behind the few days for which its index calls itself valid.
source_line() { echo "deb [check-valid-until=no signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $1 main"; }

# unpack_packages SUITE FOLDER PACKAGE...: the files of the packages, below FOLDER/root.
unpack_packages() {
  local suite=$1 folder=$2 package
  shift 2
  rm -rf "$folder"
  mkdir -p "$folder"/{lists/partial,cache/archives/partial,root}
  source_line "$suite" >"$folder/sources.list"
  local apt=(apt-get -q -o "Dir::Etc::SourceList=$folder/sources.list" -o Dir::Etc::SourceParts=/dev/null
    -o "Dir::State::Lists=$folder/lists" -o "Dir::Cache=$folder/cache" -o APT::Sandbox::User=root)
  "${apt[@]}" update || return
  (cd "$folder" && "${apt[@]}" download "$@") || return
  for package in "$folder"/*.deb; do dpkg -x "$package" "$folder/root" || return; done
}
