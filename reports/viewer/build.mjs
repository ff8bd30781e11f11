// build.mjs - bundles src/ with the packages in BUILD_DIR/node_modules to BUILD_DIR/viewer.js, and writes its hash.
// Usage: node build.mjs BUILD_DIR
import {createHash} from 'node:crypto';
import {createRequire} from 'node:module';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const folder = path.resolve(process.argv[2]);
const source = path.dirname(fileURLToPath(import.meta.url));
const esbuild = createRequire(path.join(folder, 'package.json'))('esbuild');

const result = await esbuild.build({
    entryPoints: [path.join(source, 'src/main.js')],
    nodePaths: [path.join(folder, 'node_modules')],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'ascii',
    legalComments: 'none',
    banner: {
        js: '/* With Apache ECharts (Apache License 2.0, www.apache.org/licenses/LICENSE-2.0) and zrender (BSD 3-Clause) */',
    },
    logLevel: 'warning',
    write: false,
});
// What would end the script element, inside a string of the script.
const script = result.outputFiles[0].text.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
writeFileSync(path.join(folder, 'viewer.js'), script);
writeFileSync(path.join(folder, 'viewer.sha256'), createHash('sha256').update(script).digest('base64'));
