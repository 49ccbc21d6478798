# Every target bears the official name of what it stands for.
variable "SOURCES" {}
variable "PROGRAMS" {}

group "default" {
  targets = ["busybox", "python", "rabbitmq", "nginx-unprivileged", "nginx", "haproxy", "nats", "nats-box", "redis", "valkey", "postgres", "postgres-before", "kafka"]
}

target "standin" {
  labels = {
    "conduit.standin" = "true"
    "conduit.sources" = SOURCES
  }
  contexts = { programs = PROGRAMS }
  secret   = ["id=certificates,src=/etc/ssl/certs/ca-certificates.crt"]
}

target "busybox" {
  inherits = ["standin"]
  target   = "busybox"
  tags     = ["busybox:1.37.0-musl"]
}

target "python" {
  inherits = ["standin"]
  target   = "python"
  tags     = ["python:3.13-slim"]
}

target "rabbitmq" {
  inherits = ["standin"]
  target   = "rabbitmq"
  args     = { SUITE = "forky" }
  tags     = ["rabbitmq:4.3.5"]
}

target "nginx-unprivileged" {
  inherits = ["standin"]
  target   = "nginx-unprivileged"
  tags     = ["nginxinc/nginx-unprivileged:1.26-alpine"]
}

target "nginx" {
  inherits = ["standin"]
  target   = "nginx"
  args     = { SUITE = "forky" }
  tags     = ["nginx:1.30.6"]
}

target "haproxy" {
  inherits = ["standin"]
  target   = "haproxy"
  args     = { SUITE = "forky" }
  tags     = ["haproxy:3.2.26"]
}

target "nats" {
  inherits = ["standin"]
  target   = "nats"
  tags     = ["nats:2.14.5-alpine"]
}

target "nats-box" {
  inherits = ["standin"]
  target   = "nats-box"
  tags     = ["natsio/nats-box:0.19.7"]
}

target "redis" {
  inherits = ["standin"]
  target   = "redis"
  tags     = ["redis:8.0-alpine"]
}

target "valkey" {
  inherits = ["standin"]
  target   = "valkey"
  args     = { SUITE = "forky", VERSION = "9.1.2" }
  tags     = ["valkey/valkey:9.1.2"]
}

target "postgres" {
  inherits = ["standin"]
  target   = "postgres"
  args     = { SUITE = "forky", VERSION = "18.6" }
  tags     = ["postgres:18.6"]
}

target "postgres-before" {
  inherits = ["standin"]
  target   = "postgres-before"
  args     = { VERSION = "17.12" }
  tags     = ["postgres:17.12"]
}

target "kafka" {
  inherits = ["standin"]
  target   = "kafka"
  tags     = ["apache/kafka:4.3.1"]
}
