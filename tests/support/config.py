"""The nginx configuration that tests use unless they bring their own.

%%NAME%% is replaced by VaultServer: PREFIX, MODULE, STORE, SEAL, TENANT,
JWKS, PORT (plain HTTP), TLS_PORT, RESOURCE, LOGIN, MANAGEMENT, PKI, and, for
additions of a test, MAIN, HTTP, SERVER and LOCATION.
"""

BASE = """
load_module %%MODULE%%;
worker_processes 2;
pid %%PREFIX%%/nginx.pid;
error_log %%PREFIX%%/logs/error.log info;
%%MAIN%%

events {
    worker_connections 1024;
}

http {
    access_log %%PREFIX%%/logs/access.log;
    client_body_temp_path %%PREFIX%%/temp/body;
    proxy_temp_path %%PREFIX%%/temp/proxy;
    fastcgi_temp_path %%PREFIX%%/temp/fastcgi;
    uwsgi_temp_path %%PREFIX%%/temp/uwsgi;
    scgi_temp_path %%PREFIX%%/temp/scgi;
    large_client_header_buffers 4 32k;
    keepalive_requests 1000000;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_certificate %%PKI%%/server.pem;
    ssl_certificate_key %%PKI%%/server.key;

    vault_store %%STORE%%;
    vault_seal file %%SEAL%%;
    vault_audit %%PREFIX%%/logs/audit.log;
    vault_authority issuer=https://issuer.test/ audience=%%RESOURCE%%
                    jwks=%%JWKS%% tenant=%%TENANT%% login=%%LOGIN%%
                    algorithms=RS256,PS256,ES256,ES384;
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%% reuseport;
        listen 127.0.0.1:%%TLS_PORT%% ssl http2 reuseport;
        server_name *.vault.localhost;
        %%SERVER%%

        location / {
            vault %%RESOURCE%%;
            add_header X-Worker $pid always;
            %%LOCATION%%
        }
    }

    server {
        listen 127.0.0.1:%%PORT%%;
        listen 127.0.0.1:%%TLS_PORT%% ssl http2;
        server_name login.localhost;

        location / {
            vault_local_authority %%LOGIN%%;
        }
    }
}
"""

# a value of HTTP: the management plane besides
MANAGEMENT = """
    server {
        listen 127.0.0.1:%%PORT%%;
        listen 127.0.0.1:%%TLS_PORT%% ssl http2;
        server_name management.localhost;

        location / {
            vault_management %%MANAGEMENT%% location=north1;
        }
    }
"""
