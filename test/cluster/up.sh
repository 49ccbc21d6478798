#!/usr/bin/env bash
# Brings up a small Kubernetes cluster of real programs, for a Debian machine that reaches a Debian mirror and a Go module proxy
# but no container registry. Safe to run again at any time:
#
#   exports=$(test/cluster/up.sh) && eval "$exports"
#
# CONDUIT_CLUSTER_NODES=2 gives it a second node, CONDUIT_CLUSTER_KEDA=1 gives it KEDA, CONDUIT_CLUSTER_GATEWAY=1 Traefik. Standard output carries the exports only, progress goes to standard error.
# Everything runs in network namespaces, control groups and one cache folder of its own; down.sh ends it. See README.md.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.sh"
source "$here/../live/engine/debian.sh"

[ "$(id -u)" = 0 ] || die 'only root can start a cluster'
command -v apt-get >/dev/null || die 'the cluster is made of Debian packages, and this machine has no apt-get'
mkdir -p "$home"/{bin,run,log}
"$here/build.sh" # before the lock, which down.sh would have to wait for
[ -z "${CONDUIT_CLUSTER_GATEWAY:-}" ] || "$here/gateway.sh" build
exec 9>"$home/lock"
flock 9
export PATH=$home/bin:$PATH KUBECONFIG=$home/pki/admin.conf

# The packages of the host that the nodes need, and the compiler of Cilium's data path.
install_packages() {
  local command missing=()
  for command in conntrack ipset ip:iproute2 iptables nsenter:util-linux openssl jq runc tini-static:tini clang-19 llc-19:llvm-19; do
    command -v "${command%:*}" >/dev/null || missing+=("${command#*:}")
  done
  [ -x /usr/lib/cni/loopback ] || missing+=(containernetworking-plugins)
  [ ${#missing[@]} = 0 ] && return
  say "installing ${missing[*]}"
  { apt-get update -q && apt-get install -yq --no-install-recommends "${missing[@]}"; } >"$home/log/apt.log" 2>&1 ||
    die "could not install ${missing[*]}: $(tail -3 "$home/log/apt.log")"
}

fetch_etcd() {
  [ -x "$home/bin/etcd" ] && return
  find_mirror
  say 'fetching etcd of Debian trixie'
  # a static program; the machine's own suite may have an older one
  { unpack_packages trixie "$home/unpack" etcd-server && cp "$home/unpack/root/usr/bin/etcd" "$home/bin/"; } >"$home/log/unpack.log" 2>&1 ||
    die "no etcd could be fetched: $(tail -3 "$home/log/unpack.log")"
  rm -rf "$home/unpack"
}

# await NAME SECONDS COMMAND...: until the command succeeds, which shows that the program of that name is ready.
await() {
  local what=$1 deadline=$((SECONDS + $2))
  shift 2
  until "$@" >/dev/null 2>&1; do
    alive "$what" && [ $SECONDS -lt $deadline ] || die "$what did not come up: $(tail -3 "$home/log/$what.log")"
    sleep 0.2
  done
}

# start NODE NAME COMMAND...: runs a program in a node's network, if it does not run yet.
start() {
  local node=$1 name=$2
  shift 2
  alive "$name" && return
  # not "ip netns exec", which mounts /sys anew and hides the control groups; and without the lock, which would be held for ever
  nsenter --net="/run/netns/$netns-$node" setsid "$@" </dev/null >>"$home/log/$name.log" 2>&1 9>&- &
  echo $! >"$home/run/$name.pid"
}

# first NODE NAME PROGRAM...: starts a program that is served before the containers, however many start at once: what asks it has time limits.
first() { start "$1" "$2" nice -n -10 "${@:3}"; }

# The network of node 1 has a way out, and the other nodes are behind it, each with a link that a test may cut.
make_network() {
  local node=$1
  [ -e "/run/netns/$netns-$node" ] && return
  ip netns add "$netns-$node"
  ip -n "$netns-$node" link set lo up
  if [ "$node" = node1 ]; then
    ip link add "$netns" type veth peer name eth0 netns "$netns-$node"
    ip addr add "$subnet.1/30" dev "$netns"
    ip link set "$netns" up
    ip -n "$netns-$node" addr add "$subnet.2/30" dev eth0
    ip -n "$netns-$node" link set eth0 up
    ip -n "$netns-$node" route add default via "$subnet.1"
    firewall -A
  else
    ip -n "$netns-node1" link add "to-$node" type veth peer name eth0 netns "$netns-$node"
    # addresses of peers, since the routes that follow from them come back with a link that was cut
    ip -n "$netns-node1" addr add "$subnet.2" peer "$(address "$node")" dev "to-$node"
    ip -n "$netns-$node" addr add "$(address "$node")" peer "$subnet.2" dev eth0
    ip -n "$netns-node1" link set "to-$node" up
    ip -n "$netns-$node" link set eth0 up
    ip -n "$netns-$node" route add default via "$subnet.2"
    ip route replace "$(address "$node")" via "$subnet.2"
  fi
  nsenter --net="/run/netns/$netns-$node" sysctl -qw net.ipv4.ip_forward=1
  # a Service that is not known yet must not be looked for outside: a gateway that answers there would be held on to
  nsenter --net="/run/netns/$netns-$node" iptables -A OUTPUT -d 10.96.0.0/16 -o eth0 -j REJECT
}

address() { [ "$1" = node1 ] && echo "$subnet.2" || echo "$subnet.1${1#node}"; }

# certificate NAME ORGANIZATION [ALTERNATIVES]: a key and a certificate that the cluster's authority signed.
certificate() {
  [ -f "$1.crt" ] && return
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$1.key" -out "$1.csr" -subj "/O=$2/CN=${1//_/:}"
  openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -out "$1.crt" -days 3650 \
    -extfile <(echo "subjectAltName=DNS:localhost${3:+,$3}")
}

# client NAME ORGANIZATION: a configuration to talk to the API server with; "_" in the name stands for ":".
client() {
  certificate "$1" "$2"
  cat >"$1.conf" <<JSON
{"apiVersion": "v1", "kind": "Config", "current-context": "conduit",
 "clusters": [{"name": "conduit", "cluster": {"server": "https://$subnet.2:6443", "certificate-authority": "$home/pki/ca.crt"}}],
 "users": [{"name": "$1", "user": {"client-certificate": "$home/pki/$1.crt", "client-key": "$home/pki/$1.key"}}],
 "contexts": [{"name": "conduit", "context": {"cluster": "conduit", "user": "$1"}}]}
JSON
}

make_certificates() {
  mkdir -p "$home/pki"
  cd "$home/pki"
  {
    [ -f ca.crt ] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.crt -days 3650 -subj /CN=conduit
    [ -f service-accounts.key ] || openssl genrsa -out service-accounts.key 2048
    certificate kube-apiserver system:masters "IP:$subnet.2,IP:10.96.0.1,DNS:kubernetes.default.svc"
    client admin system:masters
    client system_kube-controller-manager system:masters
    client system_kube-scheduler system:masters
    client system_kube-proxy system:masters
    client cilium system:masters
    # the API server's own proof to the servers of other APIs; an authority by itself, so that nobody else has one
    [ -f proxy.crt ] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout proxy.key -out proxy.crt -days 3650 -subj /CN=proxy
  } >"$home/log/openssl.log" 2>&1 || die "no certificates: $(tail -3 "$home/log/openssl.log")"
}

start_control_plane() {
  local pki=$home/pki
  first node1 etcd etcd --data-dir "$home/etcd" --unsafe-no-fsync \
    --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
    --listen-peer-urls http://127.0.0.1:2380 --initial-advertise-peer-urls http://127.0.0.1:2380 --initial-cluster default=http://127.0.0.1:2380
  # pods of a node that is lost are moved after seconds instead of minutes
  first node1 kube-apiserver kube-apiserver --etcd-servers=http://127.0.0.1:2379 --advertise-address="$subnet.2" --secure-port=6443 \
    --tls-cert-file="$pki/kube-apiserver.crt" --tls-private-key-file="$pki/kube-apiserver.key" --client-ca-file="$pki/ca.crt" \
    --kubelet-client-certificate="$pki/kube-apiserver.crt" --kubelet-client-key="$pki/kube-apiserver.key" \
    --service-account-issuer=https://kubernetes.default.svc --service-account-key-file="$pki/service-accounts.key" \
    --service-account-signing-key-file="$pki/service-accounts.key" --service-cluster-ip-range=10.96.0.0/16 \
    --requestheader-client-ca-file="$pki/proxy.crt" --requestheader-allowed-names=proxy --requestheader-username-headers=X-Remote-User \
    --requestheader-group-headers=X-Remote-Group --requestheader-extra-headers-prefix=X-Remote-Extra- \
    --proxy-client-cert-file="$pki/proxy.crt" --proxy-client-key-file="$pki/proxy.key" \
    --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction,PodTolerationRestriction --kubelet-preferred-address-types=InternalIP --allow-privileged=true \
    --default-not-ready-toleration-seconds=10 --default-unreachable-toleration-seconds=10
  await kube-apiserver 90 kubectl get --raw /readyz
  first node1 kube-controller-manager kube-controller-manager --kubeconfig="$pki/system_kube-controller-manager.conf" \
    --service-account-private-key-file="$pki/service-accounts.key" --root-ca-file="$pki/ca.crt" --leader-elect=false \
    --kube-api-qps=1000 --kube-api-burst=2000 \
    --allocate-node-cidrs=true --cluster-cidr=10.244.0.0/16 --service-cluster-ip-range=10.96.0.0/16 --node-monitor-grace-period=20s
  first node1 kube-scheduler kube-scheduler --kubeconfig="$pki/system_kube-scheduler.conf" --leader-elect=false
  say "API server $(kubectl version -o json | jq -r .serverVersion.gitVersion) ready"
}

# Two images that no registry and no example gives: the process that holds a pod's namespaces, and the cluster's DNS.
make_images() {
  local folder=$home/images
  if ! docker image inspect conduit-test/pause:1 conduit-test/coredns:1 >/dev/null 2>&1; then
    rm -rf "$folder"
    mkdir -p "$folder"
    cp "$home/bin/coredns" "$(command -v tini-static)" "$here/images/Dockerfile" "$folder/"
    local target
    for target in pause coredns; do
      docker build -q --target "$target" -t "conduit-test/$target:1" --label conduit.standin=true "$folder" >/dev/null || die "the image of $target did not build"
    done
    rm -rf "$folder"
  fi
}

# The stand-in images, under the official names, and the two of the cluster's own.
import_images() {
  local images stamp=$home/$1/images
  # shellcheck disable=SC2046
  images=$(docker image inspect --format '{{index .RepoTags 0}} {{.Id}}' conduit-test/{pause,coredns}:1 \
    $(sed -nE 's/^ *tags *= *\["(.*)"\]/\1/p' "$here/../live/engine/images/docker-bake.hcl"))
  [ "$images" = "$(cat "$stamp" 2>/dev/null)" ] && return
  # shellcheck disable=SC2046
  docker save $(cut -d' ' -f1 <<<"$images") | ctr -a "$home/$1/containerd.sock" -n k8s.io images import --all-platforms=false - >/dev/null
  echo "$images" >"$stamp"
}

write_node_settings() {
  local node=$1 folder=$home/$1
  cat >"$folder/containerd.toml" <<TOML
version = 3
root = "$folder/containerd"
state = "$folder/run"
[grpc]
  address = "$folder/containerd.sock"
[ttrpc]
  address = "$folder/containerd.sock.ttrpc"
[plugins.'io.containerd.cri.v1.images'.pinned_images]
  sandbox = "conduit-test/pause:1"
[plugins.'io.containerd.cri.v1.runtime']
  # a machine that is a container itself may not lower the score by which processes are killed for memory, nor load profiles
  restrict_oom_score_adj = true
  disable_apparmor = true
  netns_mounts_under_state_dir = true
  [plugins.'io.containerd.cri.v1.runtime'.cni]
    bin_dirs = ["$folder/cni"]
    conf_dir = "$folder/cni"
TOML
  mkdir -p "$folder/cni"
  cp /usr/lib/cni/loopback "$home/bin/cilium-cni" "$folder/cni/"
  cat >"$folder/cni/05-cilium.conflist" <<JSON
{"cniVersion": "1.0.0", "name": "cilium", "plugins": [{"type": "cilium-cni", "log-file": "$home/log/cilium-cni.log"}]}
JSON
  grep -v '^options' /etc/resolv.conf >"$folder/resolv.conf"
  cat >"$folder/kubelet.yaml" <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: {anonymous: {enabled: false}, x509: {clientCAFile: $home/pki/ca.crt}}
authorization: {mode: Webhook}
# version 1 of control groups, and no right to lower scores, where the machine is a container itself
failCgroupV1: false
featureGates: {KubeletInUserNamespace: true}
cgroupDriver: cgroupfs
cgroupRoot: /$netns-$node
enforceNodeAllocatable: []
failSwapOn: false
containerRuntimeEndpoint: unix://$folder/containerd.sock
clusterDNS: [10.96.0.10]
clusterDomain: cluster.local
resolvConf: $folder/resolv.conf
podLogsDir: $folder/pods
volumePluginDir: $folder/volume-plugins
nodeStatusUpdateFrequency: 4s
evictionHard: {memory.available: 200Mi, nodefs.available: 1%, imagefs.available: 1%}
# what was imported cannot be pulled again
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
maxPods: 200
YAML
  # it is there for tests of nodes, which cut it and end it, and for no other that runs meanwhile
  [ "$node" = node1 ] || echo 'registerWithTaints: [{key: conduit-test/extra, effect: NoSchedule}]' >>"$folder/kubelet.yaml"
  cat >"$folder/kube-proxy.yaml" <<YAML
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: iptables
clientConnection: {kubeconfig: $home/pki/system_kube-proxy.conf}
hostnameOverride: $node
clusterCIDR: 10.244.0.0/16
# a network namespace may not set the machine's limits
conntrack: {maxPerCore: 0, min: 0}
YAML
}

start_node() {
  local node=$1 folder=$home/$1 group
  [ "$(kubectl get node "$node" -o jsonpath='{.status.conditions[?(@.type=="Ready")].status}' 2>/dev/null)" = True ] &&
    alive "$node-kubelet" && alive "$node-cilium" && alive "$node-kube-proxy" && { import_images "$node"; return; }
  make_network "$node"
  mkdir -p "$folder"
  write_node_settings "$node"
  (cd "$home/pki" && client "system_node_$node" system:nodes) >"$home/log/openssl.log" 2>&1
  for group in $(control_groups "$node"); do mkdir -p "$group"; done

  start "$node" "$node-containerd" env CILIUM_SOCK="$folder/cilium.sock" "$engine/containerd" -c "$folder/containerd.toml"
  await "$node-containerd" 20 ctr -a "$folder/containerd.sock" version
  import_images "$node"
  first "$node" "$node-kubelet" kubelet --config="$folder/kubelet.yaml" --kubeconfig="$home/pki/system_node_$node.conf" \
    --hostname-override="$node" --node-ip="$(address "$node")" --root-dir="$folder/kubelet" --cert-dir="$folder/kubelet-pki"
  await "$node-kubelet" 60 kubectl get node "$node"
  start "$node" "$node-kube-proxy" kube-proxy --config="$folder/kube-proxy.yaml"
  start_cilium "$node"
  await "$node-cilium" 180 cilium-dbg -H "unix://$folder/cilium.sock" status --brief
  await "$node-kubelet" 120 kubectl wait --for=condition=Ready --timeout=1s "node/$node"
  make_volumes "$node"
  say "$node ready"
}

# The pod network, in which NetworkPolicies are enforced. An agent uses the first file system of BPF objects among its mounts, so each
# gets one of its own and sees no other: agents on one kernel would share their maps.
start_cilium() {
  local node=$1 folder=$home/$1
  mkdir -p "$folder"/{cilium-state,cilium-lib,cilium-tools}
  ln -sfn "$home/cilium/bpf" "$folder/cilium-lib/bpf"
  ln -sfn "$(command -v clang-19)" "$folder/cilium-tools/clang"
  ln -sfn "$(command -v llc-19)" "$folder/cilium-tools/llc"
  # some maps expect the folder
  # shellcheck disable=SC2016
  start "$node" "$node-cilium" unshare -m --propagation slave sh -c '
    awk "\$3 == \"bpf\" { print \$2 }" /proc/mounts | xargs -r umount -l
    mount -t bpf bpf /sys/fs/bpf && mkdir -p /sys/fs/bpf/tc/globals && exec "$@"' cilium \
    env K8S_NODE_NAME="$node" PATH="$folder/cilium-tools:$PATH" daemon --k8s-kubeconfig-path="$home/pki/cilium.conf" \
    --enable-ipv4=true --enable-ipv6=false --ipam=kubernetes --routing-mode=tunnel --tunnel-protocol=vxlan --enable-ipv4-masquerade=true \
    --kube-proxy-replacement=false --identity-allocation-mode=crd --devices=eth0 --cni-exclusive=false \
    --state-dir="$folder/cilium-state" --socket-path="$folder/cilium.sock" --lib-dir="$folder/cilium-lib" --cgroup-root=/sys/fs/cgroup/unified \
    --enable-hubble=false --enable-l7-proxy=false --enable-health-checking=false --enable-endpoint-health-checking=false \
    --enable-bandwidth-manager=false --install-no-conntrack-iptables-rules=false
}

# Volumes of the node's own file system, bound when a pod needs one. They honour fsGroup, which those by hostPath do not.
make_volumes() {
  local node=$1 number
  for number in {1..200}; do
    mkdir -p "$home/$node/volumes/$number"
    printf '%s\n' --- 'apiVersion: v1' 'kind: PersistentVolume' "metadata: {name: $node-$number}" 'spec:' '  capacity: {storage: 50Gi}' \
      '  accessModes: [ReadWriteOnce]' '  storageClassName: local' '  persistentVolumeReclaimPolicy: Retain' "  local: {path: $home/$node/volumes/$number}" \
      "  nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [$node]}]}]}}"
  done | kubectl apply --server-side -f - >/dev/null
}

# KEDA by its own manifests without webhooks, of the programs that were built here.
start_keda() {
  local image folder=$home/images
  image=conduit-test/keda:$(cat "$home/keda/version")
  kubectl wait --for=condition=Available --timeout=1s apiservice/v1beta1.external.metrics.k8s.io >/dev/null 2>&1 &&
    [ "$(kubectl -n keda get deployments -o jsonpath='{.items[*].spec.template.spec.containers[*].image}')" = "$image $image" ] && return
  # without its proof of who it is, metrics are told to nobody, and whatever looks through all APIs finds this one broken
  tr '\0' ' ' <"/proc/$(cat "$home/run/kube-apiserver.pid")/cmdline" | grep -q -- --proxy-client-cert-file ||
    die "this cluster runs from before it could have KEDA; end it once with down.sh"
  if ! docker image inspect "$image" >/dev/null 2>&1; then
    rm -rf "$folder"
    mkdir -p "$folder"
    cp "$home"/bin/keda/{operator,adapter} "$here/images/Dockerfile" "$folder/"
    docker build -q --target keda -t "$image" --label conduit.standin=true "$folder" >/dev/null || die 'the image of KEDA did not build'
    rm -rf "$folder"
  fi
  for node in $nodes; do
    [ -n "$(ctr -a "$home/$node/containerd.sock" -n k8s.io images list -q "name==docker.io/$image")" ] ||
      docker save "$image" | ctr -a "$home/$node/containerd.sock" -n k8s.io images import --all-platforms=false - >/dev/null
  done
  kubectl kustomize "$home/keda/config/minimal" | sed -E "s|image: .*/keda.*|image: $image|; s|imagePullPolicy: .*|imagePullPolicy: Never|" |
    kubectl apply --server-side --force-conflicts -f - >/dev/null 2>"$home/log/keda.log" || die "$(cat "$home/log/keda.log")"
  kubectl -n keda rollout status deployment --timeout=180s >/dev/null || die 'KEDA did not come up'
  kubectl wait --for=condition=Available --timeout=60s apiservice/v1beta1.external.metrics.k8s.io >/dev/null || die "KEDA's metrics are not to be had"
  say "KEDA $(cat "$home/keda/version") ready"
}

install_packages
fetch_etcd
exports=$("$here/../live/engine/up.sh")
eval "$exports"
engine=$(dirname "$(command -v ctr)")
echo 1 >/proc/sys/net/ipv4/ip_forward

alive kube-apiserver || stop_cluster # what a crash may have left
make_certificates
make_network node1
start_control_plane
make_images
kubectl apply --server-side -f "$home/cilium/definitions" >/dev/null 2>"$home/log/definitions.log" || die "$(cat "$home/log/definitions.log")"
nodes=$(seq -f node%g "${CONDUIT_CLUSTER_NODES:-1}")
for node in $nodes; do start_node "$node"; done
kubectl apply --server-side -f "$here/manifests" >/dev/null
kubectl -n kube-system rollout status deployment/coredns --timeout=120s >/dev/null || die 'the DNS did not come up'
[ -z "${CONDUIT_CLUSTER_KEDA:-}" ] || start_keda
[ -z "${CONDUIT_CLUSTER_GATEWAY:-}" ] || "$here/gateway.sh" up
say "ready: Kubernetes $(kubectl version -o json | jq -r .serverVersion.gitVersion), $(kubectl get nodes -o name | wc -l) node(s)"
printf 'export KUBECONFIG=%q CONDUIT_CLUSTER_HOME=%q CONDUIT_LOAD_IMAGE=%q PATH=%q:%q:$PATH\n' "$KUBECONFIG" "$home" "$here/load-image.sh" "$home/bin" "$engine"
echo "$exports"
