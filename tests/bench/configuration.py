"""nginx's configuration for the benchmarks: the vault and, beside it, the limit.

The limit is what nginx itself can do at best for the same request: `return 200`
with the headers and the body of a real answer, and no access log.
"""

from support.wire import Answer

CONFIG = """
load_module %%MODULE%%;
worker_processes %%WORKERS%%;
worker_cpu_affinity %%AFFINITY%%;
pid %%PREFIX%%/nginx.pid;
error_log %%PREFIX%%/logs/error.log error;
thread_pool vault threads=64 max_queue=65536;
thread_pool keys threads=8;

events {
    worker_connections %%CONNECTIONS%%;
}

http {
    access_log off;
    server_tokens off;
    client_body_temp_path %%PREFIX%%/temp/body;
    proxy_temp_path %%PREFIX%%/temp/proxy;
    fastcgi_temp_path %%PREFIX%%/temp/fastcgi;
    uwsgi_temp_path %%PREFIX%%/temp/uwsgi;
    scgi_temp_path %%PREFIX%%/temp/scgi;
    client_header_buffer_size 4k;
    large_client_header_buffers 4 16k;
    keepalive_requests 1000000000;
    http2_max_concurrent_streams 256;
    ssl_protocols TLSv1.3;
    ssl_certificate %%PKI%%/server.pem;
    ssl_certificate_key %%PKI%%/server.key;

    vault_store %%STORE%% max_size=64g;
    vault_seal file %%SEAL%%;
    vault_audit %%PREFIX%%/logs/audit.log;
    vault_thread_pool vault;
    vault_key_thread_pool keys;
    vault_authority issuer=%%ISSUER%% audience=%%RESOURCE%% jwks=%%JWKS%%
                    tenant=%%TENANT%% login=%%LOGIN%% algorithms=RS256,ES256;

    server {
        listen 127.0.0.1:%%PORT%% backlog=4096;
        listen 127.0.0.1:%%TLS_PORT%% ssl http2;
        server_name *.vault.localhost;

        location / {
            vault %%RESOURCE%%;
        }
    }

    server {
        listen 127.0.0.1:%%PORT%%;
        listen 127.0.0.1:%%TLS_PORT%% ssl http2;
        server_name login.localhost;

        location / {
            vault_local_authority %%LOGIN%% token_lifetime=24h;
        }
    }

    %%LIMIT%%
}
"""

LIMIT = """
    server {
        listen 127.0.0.1:%%LIMIT_PORT%%;
        listen 127.0.0.1:%%LIMIT_TLS_PORT%% ssl http2;
        default_type "application/json; charset=utf-8";
%%LOCATIONS%%
    }
"""

# nginx adds these by itself
OF_NGINX = {"server", "date", "content-type", "content-length", "connection"}

# nginx takes no parameter of more than 4096 bytes, escapes included
PIECE = 2000


# a `$` begins a variable and cannot be escaped; values of geo are literal
DOLLAR = '    geo $dollar { default "$"; }'


def quoted(text):
    """A parameter of nginx's configuration."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return "'" + escaped.replace("$", "${dollar}") + "'"


def limit(answers: dict[str, Answer]):
    """The limit's server: for each location a real answer to give.

    A body too long for one parameter is put together from several, each the
    only value of a map; evaluating those costs little beside sending it.
    """
    maps, locations = [DOLLAR], []
    for location, answer in answers.items():
        body = answer.body.decode()
        if len(body) <= PIECE:
            text = quoted(body)
        else:
            text = '"'
            for start in range(0, len(body), PIECE):
                name = f"$piece_{len(maps)}"
                piece = quoted(body[start:start + PIECE])
                maps.append(f'    map "" {name} {{ default {piece}; }}')
                text += name
            text += '"'
        headers = "".join(
            f"            add_header {name} {quoted(value)};\n"
            for name, value in answer.headers if name.lower() not in OF_NGINX)
        locations.append(f"        location {location} {{\n{headers}"
                         f"            return 200 {text};\n        }}\n")
    server = LIMIT.replace("%%LOCATIONS%%", "\n".join(locations))
    return "\n".join([*maps, server])
