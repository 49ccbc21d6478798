# Every target bears the official name of what it stands for.
variable "SOURCES" {}

group "default" {
  targets = ["busybox", "bare", "python", "rabbitmq", "nginx"]
}

target "standin" {
  labels = {
    "conduit.standin" = "true"
    "conduit.sources" = SOURCES
  }
}

target "busybox" {
  inherits = ["standin"]
  target   = "busybox"
  tags     = ["busybox:1.37.0-musl"]
}

target "bare" {
  inherits = ["standin"]
  target   = "bare"
  tags     = ["conduit-test/bare:1"]
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

target "nginx" {
  inherits = ["standin"]
  target   = "nginx"
  tags     = ["nginxinc/nginx-unprivileged:1.26-alpine"]
}
