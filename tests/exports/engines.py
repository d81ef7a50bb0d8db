"""The SQL engines of the tests and benchmarks: each reads documents, runs an exported file, and answers."""
import glob
import json
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile

COLUMNS = ["digest", "rule", "type", "certainty", "label", "facets"]


class PostgreSql:
    """A server of its own on a socket in a new folder, run by a user without privileges, gone at the end."""
    export = "postgresql"

    def __enter__(self):
        folders = glob.glob("/usr/lib/postgresql/*/bin")
        self.programs = pathlib.Path(max(folders, key=lambda folder: int(folder.split("/")[4])))
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="oat-pg-"))
        self.user = []
        if os.getuid() == 0:  # the server refuses to run as root
            user = pwd.getpwnam("postgres")
            self.user = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        self.server("initdb", "--username=oat", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c fsync=off -c jit=off"
        self.server("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", options, "start")
        return self

    def __exit__(self, *_):
        self.server("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def server(self, program, *arguments):
        command = [*self.user, str(self.programs / program), "-D", str(self.folder / "data"), *arguments]
        # The log of the server must not keep our pipes open.
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, cwd=self.folder)

    def psql(self, text):
        command = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder), "-U", "oat", "postgres"]
        done = subprocess.run(command, input=text, capture_output=True, encoding="utf-8")
        if done.returncode or "ERROR" in done.stderr:
            raise RuntimeError(done.stderr)
        return done.stdout

    def load(self, stream):
        """Reads a file with one document a line; its number is the digest."""
        self.psql("DROP TABLE IF EXISTS manifests CASCADE; DROP TABLE IF EXISTS lines;"
                  "CREATE TABLE lines (n serial, line text); CREATE TABLE manifests (digest text, document jsonb);")
        # Neither quotes nor delimiters: a byte that no document has stands for both.
        self.psql(f"\\copy lines (line) FROM '{stream}' WITH (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')")
        self.psql("INSERT INTO manifests SELECT n - 1, line::jsonb FROM lines; DROP TABLE lines; ANALYZE manifests;")

    def run(self, path):
        self.psql(pathlib.Path(path).read_text("utf-8"))

    def answers(self):
        rows = self.psql(f"SELECT json_build_array({', '.join(COLUMNS)}) FROM classified_manifests;")
        return [json.loads(line) for line in rows.splitlines()]

    def process(self):
        return int((self.folder / "data/postmaster.pid").read_text().split()[0])

    def count(self):
        self.psql("SELECT count(label) FROM classified_manifests;")


class DuckDb:
    export = "duckdb"

    def __enter__(self):
        import duckdb
        self.connection = duckdb.connect(config={"threads": os.cpu_count()})
        return self

    def __exit__(self, *_):
        self.connection.close()

    def load(self, stream):
        self.connection.execute("DROP VIEW IF EXISTS classified_manifests; DROP TABLE IF EXISTS manifests;")
        self.connection.execute(
            "CREATE TABLE manifests AS SELECT (row_number() OVER () - 1)::VARCHAR AS digest, json AS document "
            f"FROM read_json_objects('{stream}', format = 'newline_delimited')")

    def run(self, path):
        self.connection.execute(pathlib.Path(path).read_text("utf-8"))

    def answers(self):
        return self.connection.execute(f"SELECT {', '.join(COLUMNS)} FROM classified_manifests").fetchall()

    def process(self):
        return os.getpid()

    def count(self):
        self.connection.execute("SELECT count(label) FROM classified_manifests").fetchall()


class Spark:
    export = "spark-sql"

    def __enter__(self):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        from pyspark.sql import SparkSession
        processors = os.cpu_count()
        settings = {"spark.ui.enabled": "false", "spark.driver.memory": "2g", "spark.sql.shuffle.partitions": processors,
                    "spark.ui.showConsoleProgress": "false", "spark.log.level": "FATAL"}
        builder = SparkSession.builder.master(f"local[{processors}]")
        for name, value in settings.items():
            builder = builder.config(name, value)
        self.session = builder.getOrCreate()
        return self

    def __exit__(self, *_):
        self.session.stop()

    def load(self, stream):
        # The lines of one file in their order.
        from pyspark.sql.functions import monotonically_increasing_id
        lines = self.session.read.option("lineSep", "\n").text(str(stream)).coalesce(1)
        lines = lines.withColumn("digest", monotonically_increasing_id().cast("string")).withColumnRenamed("value", "document")
        lines.repartition(os.cpu_count()).createOrReplaceTempView("manifests")

    def run(self, path):
        for statement in pathlib.Path(path).read_text("utf-8").split(";\n"):
            if statement.strip():
                self.session.sql(statement)

    def answers(self):
        return [tuple(row) for row in self.session.sql(f"SELECT {', '.join(COLUMNS)} FROM classified_manifests").collect()]

    def process(self):
        return os.getpid()  # the virtual machine is a child

    def count(self):
        self.session.sql("SELECT count(label) FROM classified_manifests").collect()


ENGINES = [PostgreSql, DuckDb, Spark]
