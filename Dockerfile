# The image of Portcullis: Node, the libraries that it loads, and what runs. No shell, no package manager.
# From the folder that this file lies in: docker build -t portcullis .
# To try it, as strictly as a pod: docker run --read-only --tmpfs /tmp --cap-drop ALL --publish 10250:10250 portcullis
# With rules of your own inside: examples/image.

# The Node that package.json brings to a checkout, on the Debian whose libraries the image takes along.
FROM node:24.21.0-bookworm-slim AS base
WORKDIR /build

# What lies below the application. It changes with Node's version alone, so its layer is pulled once for many releases.
FROM base AS system
# Mode dev keeps its certificate in .portcullis beside portcullis.yaml. The root may be read-only; /tmp is then a volume.
RUN mkdir -p /image/etc/portcullis /image/tmp \
 && chmod 1777 /image/tmp \
 && ln -s ../../tmp /image/etc/portcullis/.portcullis \
 && echo 'portcullis:x:65532:65532::/nonexistent:/nonexistent' >/image/etc/passwd \
 && echo 'portcullis:x:65532:' >/image/etc/group \
 && echo 'hosts: files dns' >/image/etc/nsswitch.conf
# Where the libraries lie depends on the architecture, and is ldd's to say. libc looks names up without any further one.
RUN cp --parents --dereference /usr/local/bin/node $(ldd /usr/local/bin/node | grep -o '/[^ ]*') /image

# The dependencies, apart from the sources, which change more often. No install script runs: the only one is that of the
# package that brings Node to older hosts. What is deleted cannot run: Node strips no types under node_modules, and a
# .bare file is a library for another runtime.
FROM base AS dependencies
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts \
 && find node_modules -type f ! -iname 'licen[cs]e*' \
      \( -name '*.ts' -o -name '*.[cm]ts' -o -name '*.map' -o -name '*.md' -o -name '*.bare' \) -delete

FROM base AS build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
# The first line of portcullis.js asks env where Node is, and there is no env.
RUN npm run build -- --declaration false \
 && mkdir -p /image/usr/local/bin /image/usr/local/lib/portcullis/cli \
 && cp -R dist package.json portcullis.schema.json website.schema.json LICENSE /image/usr/local/lib/portcullis \
 && sed '1s|.*|#!/usr/local/bin/node|' cli/portcullis.js >/image/usr/local/lib/portcullis/cli/portcullis.js \
 && chmod 755 /image/usr/local/lib/portcullis/cli/portcullis.js \
 && ln -s ../lib/portcullis/cli/portcullis.js /image/usr/local/bin/portcullis

FROM scratch
LABEL org.opencontainers.image.title="Portcullis" \
      org.opencontainers.image.description="A mutating and validating admission webhook server for Kubernetes, with rules in plain TypeScript" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=system /image /
COPY --from=dependencies /build/node_modules /usr/local/lib/portcullis/node_modules
COPY --from=build /image /
# In a container nobody reaches 127.0.0.1, and 10250 is a port that private control planes may reach. Like all variables
# these win over portcullis.yaml: a derived image's ENV, `docker run --env` or a pod's `env` says otherwise.
ENV PATH=/usr/local/bin \
    PORTCULLIS_HOST=:: \
    PORTCULLIS_PORT=10250
EXPOSE 10250 8081
# A portcullis.yaml that lies here is found by itself, and `ruleFolders: [./rules]` in it means /etc/portcullis/rules.
WORKDIR /etc/portcullis
# A number: the kubelet's runAsNonRoot cannot tell who a name is.
USER 65532:65532
# Loads all that serving loads: what is missing from the image ends its build, not its first start.
RUN ["/usr/local/bin/portcullis", "serve", "--help"]
ENTRYPOINT ["/usr/local/bin/portcullis"]
CMD ["serve"]
