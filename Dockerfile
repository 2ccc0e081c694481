# The service without its Redis: compose.yaml runs both. Building needs no network but npm's registry.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
# Packages first: a change of sources leaves this layer as it is. No package needs its install script.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json redis.conf ./
COPY machines ./machines
COPY src ./src
COPY visualizations ./visualizations
# tsx runs a clone without a build; here there is one, and what it brings (a compiler) stays behind.
RUN npm run build \
 && npm run --silent sbom > sbom.cdx.json \
 && npm prune --omit=dev --ignore-scripts \
 && npm uninstall --no-save --omit=dev --ignore-scripts tsx

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="tg-subscriptions" \
      org.opencontainers.image.description="Sells access to private Telegram channels by subscription" \
      org.opencontainers.image.licenses="MIT" \
      tg-subscriptions.sbom="/app/sbom.cdx.json"
# In production there is no sandbox: without BOT_TOKEN the start is refused, with a sentence that says what to do.
ENV NODE_ENV=production \
    NODE_OPTIONS=--enable-source-maps \
    HOST=0.0.0.0 \
    PORT=8080 \
    DATA_DIR=/data
WORKDIR /app
# The one folder that the service may write to, for slices of collected data: a volume that is mounted there belongs to its user too.
RUN install --directory --owner=node --group=node --mode=0700 /data
# Owned by root and not writable by the service.
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# What is in the image, for scanners (CycloneDX): the packages of the lock file that are not for development.
COPY --from=build /app/sbom.cdx.json ./
USER node
EXPOSE 8080
# Both: /healthz alone is already fine while the service starts, /readyz says that it may get traffic.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "const ok = (path) => fetch(`http://127.0.0.1:${process.env.PORT}${path}`).then((answer) => answer.ok); Promise.all([ok('/healthz'), ok('/readyz')]).then((all) => process.exit(all.every(Boolean) ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/src/main.js"]
